import type { Tx } from "#platform/db.ts"
import { type ArchiveRule, STATUS } from "../issue.ts"
import type { IssueNews } from "../occurrences/occurrence.ts"
import type { LockedIssue } from "../occurrences/store.ts"
import type { TouchedIssue } from "../occurrences/tally.ts"
import { type Returned, updateWokenIssues } from "./wake-store.ts"

/**
 * Archived issues that a batch brings to their number of events or users come back with it. What depends on a window of time
 * or on a forecast is asked by the clock, not by each batch.
 */
export async function wakeTouched(
  tx: Tx,
  known: readonly TouchedIssue[],
  before: ReadonlyMap<string, LockedIssue>,
  newUsers: ReadonlyMap<string, number>,
): Promise<IssueNews[]> {
  const due = known.filter((ref) => {
    const issue = before.get(ref.issueId)
    if (issue?.status !== STATUS.archived || !issue.archiveRule) return false
    const events = Number(issue.timesSeen) + ref.tally.occurrences.length
    const users = issue.usersSeen + (newUsers.get(ref.issueId) ?? 0)
    return isMet(issue.archiveRule, { events, users })
  })
  if (due.length === 0) return []
  const now = new Date(Math.max(...due.map(({ tally }) => tally.latest.receivedAt)))
  const among = due.map(({ projectId, issueId }) => ({ projectId, id: issueId }))
  const causes = new Map(due.map(({ issueId, tally }) => [issueId, tally.latest.eventId]))
  const returned = await updateWokenIssues(tx, now, among)
  return returned.map((each) => newsOfReturned(each, causes.get(each.issueId)))
}

export function newsOfReturned(returned: Returned, eventId = ""): IssueNews {
  return { ...returned, eventId, trigger: "reappeared" }
}

function isMet(rule: ArchiveRule, now: { events: number; users: number }): boolean {
  const { untilEvents = Infinity, untilUsers = Infinity } = rule
  return (
    (rule.windowMinutes === undefined && now.events - (rule.eventsThen ?? 0) >= untilEvents) ||
    (rule.userWindowMinutes === undefined && now.users - (rule.usersThen ?? 0) >= untilUsers)
  )
}
