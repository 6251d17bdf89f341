import type { App } from "#app.ts"
import { publicAddress } from "#config.ts"
import { findEvent, findLatestEvent } from "#events/read-store.ts"
import { openEvent } from "#events/stored-event.ts"
import { STATUS } from "#issues/issue.ts"
import type { SuspectCommit } from "#issues/resolving/suspects.ts"
import { formatShortId } from "#issues/short-id.ts"
import type { NormalizedEvent } from "#normalize/event.ts"
import { shortSha, subjectOf } from "#releases/version.ts"
import { urls } from "#urls.ts"
import { mailFrames } from "./frames.ts"
import type { MailIssue } from "./issue-store.ts"
import { isMinimal } from "./issue-subject.ts"
import type { IssueMail } from "./templates/issue.tsx"
import { unsubscribeToken } from "./unsubscribe-token.ts"

export type IssueNews = {
  issue: MailIssue
  userId: string
  /** The mail says that it is theirs: there is nothing to assign. */
  isAssignee?: boolean
  sentence: string
  preheader: string
  quote: string
  /** How it came to this, in a sentence or two. */
  story?: string
  /** Numbers over time as lines of text. */
  graph?: string
  reason: string
  event: NormalizedEvent | null
  /** Commits that may have brought it. */
  suspects?: readonly SuspectCommit[]
}

/** The event that made the news; null when it is gone already. */
export async function findNewsEvent(
  app: Pick<App, "sql">,
  issue: MailIssue,
  eventId: string,
): Promise<NormalizedEvent | null> {
  const row = await findEvent(app.sql, { ...issue, issueId: issue.id }, eventId)
  return row && openEvent(row).event
}

/** What the issue looks like at present. */
export async function findLastEvent(
  app: Pick<App, "sql">,
  issue: MailIssue,
): Promise<NormalizedEvent | null> {
  const row = await findLatestEvent(app.sql, { ...issue, issueId: issue.id })
  return row && openEvent(row).event
}

/** What one person may read of an issue in a mail. Minimal mail keeps the short id and the link, nothing that came from the event. */
export function issueView(app: Pick<App, "config">, news: IssueNews): IssueMail {
  const { issue, event } = news
  const minimal = isMinimal(issue)
  return {
    sentence: news.sentence,
    preheader: news.preheader,
    title: minimal ? formatShortId(issue.projectSlug, issue.shortId) : issue.title,
    culprit: minimal ? "" : issue.culprit,
    frames: minimal || !event ? [] : mailFrames(event),
    facts: minimal ? [] : factsOf(issue, event, news.suspects ?? []),
    quote: minimal ? "" : news.quote,
    story: news.story ?? "",
    graph: news.graph ?? "",
    reason: news.reason,
    links: linksOf(app, issue, news),
  }
}

function factsOf(
  issue: MailIssue,
  event: NormalizedEvent | null,
  suspects: readonly SuspectCommit[],
): [string, string][] {
  const facts: [string, string | undefined][] = [
    ["Release", event?.release],
    ["Environment", event?.environment],
    ["URL", event?.request?.url],
    ["Transaction", event?.transaction],
    ["Server", event?.server_name],
    // The id alone: names and addresses of people do not belong into mailboxes.
    ["User", event?.user?.id],
    ["Events", issue.timesSeen],
    ["Users", issue.usersSeen > 0 ? String(issue.usersSeen) : undefined],
    ["First seen", `${issue.firstSeen.toISOString().slice(0, 16).replace("T", " ")} UTC`],
  ]
  const known = facts.flatMap(([label, value]): [string, string][] =>
    value ? [[label, value]] : [],
  )
  return [
    ...known,
    ...suspects.map((commit): [string, string] => ["Suspect commit", suspectLine(commit)]),
  ]
}

const MAX_SUBJECT = 120

function suspectLine({ sha, message, author }: SuspectCommit): string {
  const subject = subjectOf(message).slice(0, MAX_SUBJECT).toWellFormed()
  return `${shortSha(sha)} ${subject}${author ? `, ${author.name}` : ""}`
}

export function unsubscribeUrl(app: Pick<App, "config">, issue: MailIssue, userId: string): string {
  const scope = { userId, kind: "issue", id: issue.id } as const
  const path = urls.unsubscribeIssue(issue.organizationSlug, issue.id)
  return `${absolute(app, path)}?t=${unsubscribeToken(app.config["system.secret-key"], scope)}`
}

function muteUrl(app: Pick<App, "config">, issue: MailIssue, userId: string): string {
  const scope = { userId, kind: "project", id: issue.projectId } as const
  const path = urls.unsubscribeProject(issue.organizationSlug, issue.projectId)
  return `${absolute(app, path)}?t=${unsubscribeToken(app.config["system.secret-key"], scope)}`
}

function linksOf(
  app: Pick<App, "config">,
  issue: MailIssue,
  { userId, isAssignee }: IssueNews,
): IssueMail["links"] {
  const page = absolute(app, urls.issue(issue.organizationSlug, issue.id))
  return {
    open: `${page}?referrer=alert_email`,
    acts:
      issue.status === STATUS.unresolved
        ? [
            ["Resolve", `${page}?do=resolve`],
            ["Archive", `${page}?do=archive`],
            ...(isAssignee ? [] : [["Assign to me", `${page}?do=assign`] as const]),
          ]
        : [],
    unsubscribe: unsubscribeUrl(app, issue, userId),
    mute: muteUrl(app, issue, userId),
    settings: absolute(app, urls.accountNotifications()),
  }
}

export function absolute(app: Pick<App, "config">, path: string): string {
  return `${publicAddress(app.config).replace(/\/$/, "")}${path}`
}
