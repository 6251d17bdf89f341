import type { Db, Tx } from "#platform/db.ts"
import { type IssueRef, STATUS } from "../issue.ts"

export type LeavingIssue = IssueRef & { shortId: string; title: string }

/** From now on the issues are nowhere to be seen; cron removes their rows. Returns those that were there. */
export async function updateLeaving(tx: Tx, issues: readonly IssueRef[]): Promise<LeavingIssue[]> {
  const locked = await tx<LeavingIssue[]>`
    select project_id, id, short_id, title from issues
    where (project_id, id) in (select * from ${pairs(tx, issues)})
      and status not in (${STATUS.deleting}, ${STATUS.merging})
    order by project_id, id
    for no key update`
  await tx`
    update issues set status = ${STATUS.deleting}, substatus = null
    where (project_id, id) in (select * from ${pairs(tx, locked)})`
  return locked
}

/** One tombstone an issue; events of its hashes are dropped from now on. */
export async function insertTombstones(
  tx: Tx,
  issues: readonly IssueRef[],
  by: { userId: string | null; at: Date },
): Promise<void> {
  for (const { projectId, id } of issues) {
    const [tombstone] = await tx<{ id: string }[]>`
      insert into issue_tombstones (project_id, type, level, title, culprit, discarded_by, discarded_at)
      select project_id, type, level, title, culprit, ${by.userId}, ${by.at} from issues
      where project_id = ${projectId} and id = ${id}
      returning id`
    await tx`
      update issue_hashes set is_discarded = true, tombstone_id = ${tombstone?.id ?? null}
      where project_id = ${projectId} and issue_id = ${id}`
  }
}

export type Tombstone = {
  id: string
  level: number
  title: string
  culprit: string
  discardedAt: Date
  discardedBy: string | null
  hashes: number
}

export function listTombstones(db: Db, projectId: string, limit: number): Promise<Tombstone[]> {
  return db<Tombstone[]>`
    select t.id, t.level, t.title, t.culprit, t.discarded_at, coalesce(nullif(u.name, ''), u.email) as discarded_by,
      (select count(*)::int from issue_hashes h where h.project_id = t.project_id and h.tombstone_id = t.id) as hashes
    from issue_tombstones t left join users u on u.id = t.discarded_by
    where t.project_id = ${projectId}
    order by t.id desc limit ${limit}`
}

/** Events of these hashes make issues again; returns its title, null when it is not there. */
export async function deleteTombstone(
  tx: Tx,
  tombstone: { projectId: string; id: string },
): Promise<string | null> {
  const [row] = await tx<{ title: string }[]>`
    delete from issue_tombstones where project_id = ${tombstone.projectId} and id = ${tombstone.id} returning title`
  await tx`
    delete from issue_hashes where project_id = ${tombstone.projectId} and tombstone_id = ${tombstone.id}`
  return row?.title ?? null
}

function pairs(db: Tx, issues: readonly IssueRef[]) {
  return db`unnest(
    ${issues.map((issue) => issue.projectId)}::bigint[], ${issues.map((issue) => issue.id)}::bigint[]
  ) as pairs (project_id, id)`
}
