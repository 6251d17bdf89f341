import type { Tx } from "#platform/db.ts"
import type { Occurrence } from "./occurrence.ts"
import { isoOf, type LockedIssue } from "./occurrence-store.ts"
import type { TouchedIssue } from "./occurrence-tally.ts"

/** Makes locked, resolved issues unresolved and writes that down; returns the activity's id by issue id. */
export async function updateRegressed(
  tx: Tx,
  rows: { ref: TouchedIssue; cause: Occurrence; issue: LockedIssue }[],
): Promise<Map<string, string>> {
  if (rows.length === 0) return new Map()
  const projectIds = rows.map(({ ref }) => ref.projectId)
  const issueIds = rows.map(({ ref }) => ref.issueId)
  await tx`
    update issues i set
      status = 0, substatus = 'regressed', active_at = regressed.at, resolved_at = null, resolved_by = null,
      resolution_type = null, resolved_release_id = null
    from unnest(${projectIds}::bigint[], ${issueIds}::bigint[],
      ${rows.map(({ cause }) => isoOf(cause.occurredAt))}::timestamptz[]) as regressed (project_id, id, at)
    where i.project_id = regressed.project_id and i.id = regressed.id`
  const activities = await tx<{ issueId: string; id: string }[]>`
    insert into issue_activity (project_id, issue_id, type, data)
    select regressed.project_id, regressed.issue_id, 'set_regression',
      jsonb_strip_nulls(jsonb_build_object(
        'event_id', regressed.event_id,
        'version', (select version from releases where id = regressed.release_id),
        'resolved_in_version', (select version from releases where id = regressed.resolved_release_id)))
    from unnest(${projectIds}::bigint[], ${issueIds}::bigint[],
      ${rows.map(({ cause }) => cause.eventId)}::text[],
      ${rows.map(({ cause }) => cause.releaseId)}::bigint[],
      ${rows.map(({ issue }) => issue.resolvedReleaseId)}::bigint[]
    ) as regressed (project_id, issue_id, event_id, release_id, resolved_release_id)
    returning issue_id, id`
  return new Map(activities.map((activity) => [activity.issueId, activity.id]))
}
