import type { StoredEvent } from "#events/stored-event.ts"
import type { IssueDetail } from "#issues/detail-store.ts"
import { formatShortId } from "#issues/short-id.ts"
import { tagsOf } from "#normalize/event-tags.ts"
import { rawTrace } from "../../../components/trace/raw-trace.ts"

/** An event as Markdown: for tickets, terminals and assistants. Foreign text stands in code, where it cannot become markup. */
export function eventMarkdown(issue: IssueDetail, stored: StoredEvent, permalink: string): string {
  const { event } = stored
  const trace = rawTrace(event)
  const sections = [
    `# ${inline(formatShortId(issue.projectSlug, issue.shortId))} ${inline(stored.title)}`,
    permalink,
    list({
      culprit: issue.culprit,
      "event id": stored.eventId,
      occurred: stored.occurredAt.toISOString(),
      release: stored.release ?? "",
      environment: stored.environment,
      events: issue.timesSeen,
      users: String(issue.usersSeen),
      "first seen": issue.firstSeen.toISOString(),
      "last seen": issue.lastSeen.toISOString(),
    }),
    trace && `## Stack trace\n\n${block(trace)}`,
    event.logentry &&
      `## Message\n\n${block(event.logentry.formatted ?? event.logentry.message ?? "")}`,
    event.request?.url &&
      `## Request\n\n${block(`${event.request.method ?? "GET"} ${event.request.url}`)}`,
    `## Tags\n\n${list(Object.fromEntries(tagsOf(event)))}`,
  ]
  return `${sections.filter(Boolean).join("\n\n")}\n`
}

function list(facts: Record<string, string>): string {
  return Object.entries(facts)
    .filter(([, value]) => value !== "")
    .map(([key, value]) => `- ${inline(key)}: ${inline(value)}`)
    .join("\n")
}

/** A code span whose fence is longer than any run of backticks inside. */
function inline(text: string): string {
  const line = text.replace(/\s+/g, " ").slice(0, 500)
  const fence = "`".repeat(longestRun(line) + 1)
  return `${fence}${line.startsWith("`") || line.endsWith("`") ? ` ${line} ` : line}${fence}`
}

function block(text: string): string {
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1))
  return `${fence}\n${text}\n${fence}`
}

function longestRun(text: string): number {
  let longest = 0
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length)
  return longest
}
