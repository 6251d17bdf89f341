import type { Fragment } from "postgres"
import type { Db } from "#platform/db.ts"
import { STATUS } from "../issue.ts"

export type ReleaseIssue = {
  id: string
  projectSlug: string
  shortId: string
  title: string
  culprit: string
  status: number
  substatus: string | null
  timesSeen: string
  usersSeen: number
  lastSeen: Date
}

/** first seen in it · resolved in it · came back in it */
type Which = "new" | "resolved" | "regressed"

type Scope = { projectIds: readonly string[]; releaseId: string }

const isMeant: Record<Which, (db: Db, scope: Scope) => Fragment> = {
  new: (db, { releaseId }) =>
    db`i.first_release_id = ${releaseId} and i.status not in (${STATUS.deleting}, ${STATUS.merging})`,
  resolved: (db, { releaseId }) =>
    db`i.resolved_release_id = ${releaseId} and i.status = ${STATUS.resolved} and i.resolution_type = 'in_release'`,
  regressed: (db, { projectIds, releaseId }) =>
    db`i.status not in (${STATUS.deleting}, ${STATUS.merging}) and (i.project_id, i.id) in (
      select a.project_id, a.issue_id from issue_activity a
      where a.project_id = any(${[...projectIds]}::bigint[]) and a.type = 'set_regression'
        and a.data->>'version' = (select version from releases where id = ${releaseId}))`,
}

/** Those seen last come first. */
export function listReleaseIssues(db: Db, scope: Scope, which: Which, limit: number) {
  return db<ReleaseIssue[]>`
    select i.id, p.slug as project_slug, i.short_id, i.title, i.culprit, i.status, i.substatus, i.times_seen, i.users_seen, i.last_seen
    from issues i join projects p on p.id = i.project_id and p.status = 'active'
    where i.project_id = any(${[...scope.projectIds]}::bigint[]) and ${isMeant[which](db, scope)}
    order by i.last_seen desc, i.id desc limit ${limit}`
}

/** By version, how many resolved issues came back in it; versions without any are missing. */
export async function countRegressions(
  db: Db,
  projectIds: readonly string[],
  versions: readonly string[],
): Promise<Map<string, number>> {
  const rows = await db<{ version: string; issues: number }[]>`
    select a.data->>'version' as version, count(distinct i.id)::int as issues
    from issue_activity a
    join issues i on i.project_id = a.project_id and i.id = a.issue_id
      and i.status not in (${STATUS.deleting}, ${STATUS.merging})
    where a.project_id = any(${[...projectIds]}::bigint[]) and a.type = 'set_regression'
      and a.data->>'version' = any(${[...versions]}::text[])
    group by 1`
  return new Map(rows.map(({ version, issues }) => [version, issues]))
}
