import type { Activity } from "#issues/activity/store.ts"
import type { IssueDetail } from "#issues/detail-store.ts"

/**
 * Adds the beginning to an issue's history, which nobody wrote: its first event. Only where the page reaches back to it, that
 * is when there were fewer entries than asked for.
 */
export function withFirstSeen(
  entries: readonly Activity[],
  issue: Pick<IssueDetail, "id" | "firstSeen" | "firstRelease">,
  limit: number,
): Activity[] {
  if (entries.length >= limit) return [...entries]
  const first: Activity = {
    id: "first-seen",
    issueId: issue.id,
    type: "first_seen",
    data: issue.firstRelease ? { version: issue.firstRelease } : {},
    createdAt: issue.firstSeen,
    userId: null,
    userName: null,
    userEmail: null,
    assigneeName: null,
  }
  return [...entries, first]
}
