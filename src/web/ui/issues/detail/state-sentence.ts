import type { IssueDetail } from "#issues/detail-store.ts"
import { STATUS } from "#issues/issue.ts"
import { shortSha, shortVersion } from "#releases/version.ts"
import { relativeTime } from "../../times.ts"

/** The issue's state as a sentence, where the chip beside it does not say all: "Archived until 100 more events in 60 minutes (37 so far)". */
export function stateSentence(issue: IssueDetail, now: Date, zone: string): string {
  if (issue.status === STATUS.resolved) return resolvedSentence(issue, now, zone)
  if (issue.status === STATUS.archived) return archivedSentence(issue, zone)
  const since = relativeTime(issue.activeAt, now, zone)
  if (issue.substatus === "regressed") return `Came back ${since} after it was resolved`
  if (issue.substatus === "escalating") return `More events than usual since ${since}`
  // The chip says it.
  return issue.substatus === "new" ? "" : "Unresolved"
}

function resolvedSentence(issue: IssueDetail, now: Date, zone: string): string {
  const by = issue.resolvedByName ? ` by ${issue.resolvedByName}` : ""
  const when = issue.resolvedAt ? ` ${relativeTime(issue.resolvedAt, now, zone)}` : ""
  return `Resolved${resolvedIn(issue)}${by}${when}`
}

function resolvedIn(issue: IssueDetail): string {
  const { resolvedRelease, resolvedSeenRelease, resolvedVersion, resolvedCommit } = issue
  switch (issue.resolutionType) {
    case "in_next_release":
    case "after_release": {
      const seen = resolvedSeenRelease ?? resolvedRelease
      return seen ? ` in the release after ${shortVersion(seen)}` : " in the next release"
    }
    case "in_future_release":
      return ` in ${shortVersion(resolvedVersion ?? "")}, which has not been seen yet`
    case "in_commit":
      return resolvedCommit ? ` in commit ${shortSha(resolvedCommit.sha)}` : ""
    case "in_release":
      return resolvedRelease ? ` in ${shortVersion(resolvedRelease)}` : ""
    case null:
      return ""
  }
}

function archivedSentence(issue: IssueDetail, zone: string): string {
  const rule = issue.archiveRule ?? {}
  const conditions = [
    rule.until && `until ${absolute(rule.until, zone)}`,
    rule.untilEvents && eventsCondition(issue, rule.untilEvents, rule.windowMinutes),
    rule.untilUsers &&
      `until ${rule.untilUsers} more users (${issue.usersSeen - (rule.usersThen ?? 0)} so far)`,
  ].filter(Boolean)
  if (conditions.length > 0) return `Archived ${conditions.join(" or ")}`
  return issue.substatus === "archived_forever"
    ? "Archived for good"
    : "Archived until it escalates"
}

function eventsCondition(issue: IssueDetail, count: number, windowMinutes: number | undefined) {
  const soFar = Number(issue.timesSeen) - (issue.archiveRule?.eventsThen ?? 0)
  const within = windowMinutes ? ` in ${windowMinutes} minutes` : ""
  return `until ${count} more events${within} (${soFar} so far)`
}

function absolute(iso: string, zone: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone: zone,
  }).format(new Date(iso))
}
