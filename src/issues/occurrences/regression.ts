import type { Tx } from "#platform/db.ts"
import type { KnownRelease } from "#releases/order.ts"
import { listKnownReleases, listSemverProjects } from "#releases/order-store.ts"
import { versionOrder } from "#releases/version.ts"
import { STATUS } from "../issue.ts"
import { holdsFor } from "../resolving/resolution.ts"
import type { IssueNews, Occurrence } from "./occurrence.ts"
import { listUnreleasedFixes, updateRegressed } from "./regression-store.ts"
import type { LockedIssue } from "./store.ts"
import type { TouchedIssue } from "./tally.ts"

type Resolved = { ref: TouchedIssue; issue: LockedIssue }
type Regressed = Resolved & { cause: Occurrence; followsSemver: boolean }

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
  const suspected = await withoutHolding(tx, resolved)
  const waiting = await listUnreleasedFixes(tx, suspected)
  const regressed = suspected.filter(({ ref }) => !waiting.has(ref.issueId))
  const activityIds = await updateRegressed(tx, regressed)
  return regressed.map(({ ref, cause }) => ({
    projectId: ref.projectId,
    issueId: ref.issueId,
    eventId: cause.eventId,
    trigger: "regression",
    activityId: activityIds.get(ref.issueId) ?? "",
  }))
}

/** Issues with an event for which their resolution does not hold; `cause` is the first such event. */
async function withoutHolding(tx: Tx, resolved: readonly Resolved[]): Promise<Regressed[]> {
  const inReleases = resolved.filter(({ issue }) => issue.resolutionType !== null)
  const ids = inReleases.flatMap(({ ref, issue }) => [
    issue.resolvedReleaseId,
    issue.resolvedSeenReleaseId,
    ...ref.tally.occurrences.map(({ releaseId }) => releaseId),
  ])
  const releases = await listKnownReleases(
    tx,
    ids.filter((id) => id !== null),
  )
  const semver =
    releases.size === 0
      ? new Set<string>()
      : await listSemverProjects(
          tx,
          inReleases.map(({ ref }) => ref.projectId),
        )
  return resolved.flatMap(({ ref, issue }) => {
    const followsSemver = semver.has(ref.projectId)
    const resolution = resolutionOf(issue, releases)
    const cause = ref.tally.occurrences.find(
      ({ releaseId }) => !holdsFor(resolution, known(releases, releaseId), followsSemver),
    )
    return cause ? [{ ref, issue, cause, followsSemver }] : []
  })
}

function resolutionOf(issue: LockedIssue, releases: ReadonlyMap<string, KnownRelease>) {
  const version = issue.resolvedVersion
  return {
    type: issue.resolutionType,
    release: known(releases, issue.resolvedReleaseId),
    seenIn: known(releases, issue.resolvedSeenReleaseId),
    future: version === null ? null : { version, versionOrder: versionOrder(version) },
  }
}

function known(releases: ReadonlyMap<string, KnownRelease>, id: string | null) {
  return id === null ? null : (releases.get(id) ?? null)
}
