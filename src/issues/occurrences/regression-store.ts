import type { Tx } from "#platform/db.ts"
import { plainArray } from "#platform/plain-array.ts"
import { noResolutionSql } from "../status/substatus-store.ts"
import type { Occurrence } from "./occurrence.ts"
import { isoOf, type LockedIssue } from "./store.ts"
import type { TouchedIssue } from "./tally.ts"

/** Those of the issues that a commit resolves which is in no release yet: no event can have the fix. Their ids. */
export async function listUnreleasedFixes(
  tx: Tx,
  rows: readonly { ref: TouchedIssue }[],
): Promise<Set<string>> {
  if (rows.length === 0) return new Set()
  const found = await tx<{ issueId: string }[]>`
    select ic.issue_id from issue_commits ic
    where (ic.project_id, ic.issue_id) in (select * from unnest(
        ${rows.map(({ ref }) => ref.projectId)}::bigint[], ${rows.map(({ ref }) => ref.issueId)}::bigint[]))
      and not exists (select from release_commits rc where rc.commit_id = ic.commit_id)`
  return new Set(found.map(({ issueId }) => issueId))
}

/**
 * Makes locked, resolved issues unresolved and writes that down; returns the activity's id by issue id. An issue is back since its
 * event was received: by its own clock a late one may be from before the last week.
 */
export async function updateRegressed(
  tx: Tx,
  rows: readonly {
    ref: TouchedIssue
    cause: Occurrence
    issue: LockedIssue
    followsSemver: boolean
  }[],
): Promise<Map<string, string>> {
  if (rows.length === 0) return new Map()
  const projectIds = rows.map(({ ref }) => ref.projectId)
  const issueIds = rows.map(({ ref }) => ref.issueId)
  await tx`
    update issues i set
      status = 0, substatus = 'regressed', active_at = greatest(i.last_seen, regressed.at), returned_at = null, ${noResolutionSql(tx)}
    from unnest(${projectIds}::bigint[], ${issueIds}::bigint[],
      ${rows.map(({ cause }) => isoOf(Math.max(cause.occurredAt, cause.receivedAt)))}::timestamptz[]) as regressed (project_id, id, at)
    where i.project_id = regressed.project_id and i.id = regressed.id`
  const activities = await tx<{ issueId: string; id: string }[]>`
    insert into issue_activity (project_id, issue_id, type, data)
    select regressed.project_id, regressed.issue_id, 'set_regression',
      jsonb_strip_nulls(jsonb_build_object(
        'event_id', regressed.event_id,
        'version', (select version from releases where id = regressed.release_id),
        'follows_semver', case when regressed.resolved_in is not null then regressed.follows_semver end,
        'resolved_in_version', regressed.resolved_in))
    from (select seen.*, coalesce(seen.future_version, r.version) as resolved_in
      from unnest(${projectIds}::bigint[], ${issueIds}::bigint[],
        ${rows.map(({ cause }) => cause.eventId)}::text[],
        ${rows.map(({ cause }) => cause.releaseId)}::bigint[],
        ${rows.map(({ issue }) => resolvedIn(issue))}::bigint[],
        ${rows.map(({ issue }) => (issue.resolutionType === "in_future_release" ? issue.resolvedVersion : null))}::text[],
        ${plainArray(rows.map(({ followsSemver }) => followsSemver))}::boolean[]
      ) as seen (project_id, issue_id, event_id, release_id, resolved_release_id, future_version, follows_semver)
      left join releases r on r.id = seen.resolved_release_id) as regressed
    returning issue_id, id`
  return new Map(activities.map((activity) => [activity.issueId, activity.id]))
}

/** "Resolved in the release after 1.4" says no version that had the fix. */
function resolvedIn({ resolutionType, resolvedReleaseId }: LockedIssue): string | null {
  return resolutionType === "in_release" ? resolvedReleaseId : null
}
