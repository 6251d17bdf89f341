import type { Db } from "#platform/db.ts"
import type { IssueRef } from "../issue.ts"
import { inEnvironmentsSql } from "./scope-store.ts"
import type { StreamScope } from "./stream.ts"

/** `projectIds` narrow the environments' names to those of these projects. */
type SeriesScope = Pick<StreamScope, "projectIds" | "environments" | "period">

/**
 * Events per bucket of the period for each issue, oldest first; issues without an event in the window are absent. The sum is the
 * number of events in scope. Lateral, so that it is one probe of the
 * primary key per issue and day: joined, the planner reads whole days.
 */
export async function issueSeries(
  db: Db,
  scope: SeriesScope,
  issues: readonly IssueRef[],
): Promise<Map<string, number[]>> {
  const { starts, to } = scope.period
  const edges = starts.map((start) => start.toISOString())
  const rows = await db<{ issueId: string; bucket: number; events: number }[]>`
    select wanted.issue_id, found.bucket, found.events
    from unnest(
        ${issues.map(({ projectId }) => projectId)}::bigint[], ${issues.map(({ id }) => id)}::bigint[]
      ) as wanted (project_id, issue_id)
    cross join lateral (
      select width_bucket(h.hour, ${edges}::timestamptz[]) as bucket, sum(h.events)::int as events
      from issue_hours h
      where h.project_id = wanted.project_id and h.issue_id = wanted.issue_id
        and h.hour >= ${starts[0] ?? to} and h.hour <= ${to} ${inEnvironmentsSql(db, scope)}
      group by bucket
    ) as found`
  const series = new Map<string, number[]>()
  for (const { issueId, bucket, events } of rows) {
    const counts = series.get(issueId) ?? starts.map(() => 0)
    counts[bucket - 1] = events
    series.set(issueId, counts)
  }
  return series
}
