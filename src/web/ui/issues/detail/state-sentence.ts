import type { IssueDetail } from "#issues/detail-store.ts"
import { STATUS } from "#issues/issue.ts"
import type { ArchiveState } from "#issues/status/archive-state-store.ts"
import { archivedUntil } from "#issues/status/archive-words.ts"
import { isAutoResolved } from "#issues/status/inbox.ts"
import { shortSha, shortVersion } from "#releases/version.ts"
import { relativeTime } from "../../times.ts"

/** The issue's state as a sentence, where the chip beside it does not say all: "Archived until 100 more events in 60 minutes (37 so far)". */
export function stateSentence(
  issue: IssueDetail,
  { now, zone, archive }: { now: Date; zone: string; archive: ArchiveState | null },
): string {
  if (issue.status === STATUS.resolved) return resolvedSentence(issue, now, zone)
  if (issue.status === STATUS.archived) return archivedSentence(issue, archive, zone)
  const since = relativeTime(issue.activeAt, now, zone)
  if (issue.substatus === "regressed") return `Came back ${since} after it was resolved`
  if (issue.substatus === "escalating") return `More events than usual since ${since}`
  if (issue.returnedAt) return `Came back from the archive ${since}`
  // The chip says it.
  return issue.substatus === "new" ? "" : "Unresolved"
}

function resolvedSentence(issue: IssueDetail, now: Date, zone: string): string {
  if (isAutoResolved(issue)) return autoResolvedSentence(issue, now, zone)
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

function autoResolvedSentence(issue: IssueDetail, now: Date, zone: string): string {
  const when = relativeTime(issue.resolvedAt ?? now, now, zone)
  return `Resolved ${when} because nothing was heard of it any more`
}

function archivedSentence(issue: IssueDetail, state: ArchiveState | null, zone: string): string {
  const { substatus, archiveRule: rule } = issue
  const by = issue.archivedByName ? ` by ${issue.archivedByName}` : ""
  const until = archivedUntil(
    { substatus, rule: rule ?? {} },
    (iso) => absolute(iso, zone),
    state ?? undefined,
  )
  const isCompared = substatus === "archived_until_escalating" && state?.ceiling != null
  return `Archived${by} ${until}${isCompared ? escalation(state) : ""}`
}

/** "more than 70 events in an hour (12 so far)" */
function escalation({ ceiling, eventsThisHour }: ArchiveState): string {
  const count = (number: number) => number.toLocaleString("en")
  return `: more than ${count(ceiling ?? 0)} events in an hour (${count(eventsThisHour)} so far)`
}

function absolute(iso: string, zone: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone: zone,
  }).format(new Date(iso))
}
