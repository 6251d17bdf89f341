import type { Tx } from "#platform/db.ts"
import { listReleaseDates } from "#releases/store.ts"
import { STATUS } from "./issue.ts"
import type { IssueNews, Occurrence } from "./occurrence.ts"
import type { LockedIssue } from "./occurrence-store.ts"
import type { TouchedIssue } from "./occurrence-tally.ts"
import { updateRegressed } from "./regression-store.ts"

/** Resolved issues come back when something unresolved happens again; returns the news, with the activity's id. */
export async function regressIssues(
  tx: Tx,
  refs: readonly TouchedIssue[],
  before: ReadonlyMap<string, LockedIssue>,
): Promise<IssueNews[]> {
  const resolved = refs.flatMap((ref) => {
    const issue = before.get(ref.issueId)
    return issue?.status === STATUS.resolved ? [{ ref, issue }] : []
  })
  if (resolved.length === 0) return []
  const releaseIds = resolved.flatMap(({ ref, issue }) => [
    issue.resolvedReleaseId,
    ...ref.tally.occurrences.map((occurrence) => occurrence.releaseId),
  ])
  const releases = await listReleaseDates(tx, new Set(releaseIds.filter((id) => id !== null)))
  const regressed = resolved.flatMap(({ ref, issue }) => {
    const cause = ref.tally.occurrences.find(
      (occurrence) => !isCovered(issue, occurrence, releases),
    )
    return cause ? [{ ref, cause, issue }] : []
  })
  const activityIds = await updateRegressed(tx, regressed)
  return regressed.map(({ ref, cause }) => ({
    projectId: ref.projectId,
    issueId: ref.issueId,
    eventId: cause.eventId,
    trigger: "regression",
    activityId: activityIds.get(ref.issueId) ?? "",
  }))
}

/**
 * Whether the resolution still holds for this event, because it comes from a release that never had the fix. "Resolved
 * in X" holds for releases older than X; "in the next release" also for X itself, the last one known to fail.
 */
function isCovered(
  issue: Pick<LockedIssue, "resolutionType" | "resolvedReleaseId">,
  occurrence: Pick<Occurrence, "releaseId">,
  releases: ReadonlyMap<string, Date>,
): boolean {
  if (issue.resolutionType === null || issue.resolvedReleaseId === null) return false
  // No release: assumed to be an old one.
  if (occurrence.releaseId === null) return true
  if (occurrence.releaseId === issue.resolvedReleaseId) {
    return issue.resolutionType === "in_next_release"
  }
  const fixedAt = releases.get(issue.resolvedReleaseId)
  const seenAt = releases.get(occurrence.releaseId)
  return fixedAt !== undefined && seenAt !== undefined && fixedAt.getTime() >= seenAt.getTime()
}
