import type { Db, Tx } from "#platform/db.ts"
import { type IssueRef, STATUS } from "../issue.ts"

/** Everything that hangs on an issue, the issue itself aside. */
const SIDE_TABLES = [
  "issue_users",
  "issue_hours",
  "issue_tag_values",
  "issue_tag_keys",
  "issue_activity",
  "issue_subscriptions",
  "issue_bookmarks",
  "issue_commits",
  "issue_texts",
  "issue_redirects",
] as const

/**
 * Marks issues as leaving whose last event was received before `day` and that nobody archived, assigned, bookmarked,
 * commented, shared or merged into something. From then on their hashes lead to new issues.
 */
export async function updateForgottenIssues(
  db: Db,
  day: string,
  limit: number,
  projectId: string | null = null,
): Promise<number> {
  const result = await db`
    update issues set status = ${STATUS.deleting}, substatus = null
    where (project_id, id) in (select project_id, id from ${forgotten(db, day, projectId)} limit ${limit})`
  return result.count
}

export async function countForgottenIssues(
  db: Db,
  day: string,
  projectId: string | null = null,
): Promise<number> {
  const [row] = await db<{ n: number }[]>`
    select count(*)::int as n from ${forgotten(db, day, projectId)}`
  return row?.n ?? 0
}

function forgotten(db: Db, day: string, projectId: string | null) {
  return db`(
    select i.project_id, i.id from issues i
    where i.last_received_day < ${day}::date and i.status in (${STATUS.unresolved}, ${STATUS.resolved})
      and i.assignee_user_id is null and i.assignee_team_id is null and i.comment_count = 0 and not i.is_public
      ${projectId === null ? db`` : db`and i.project_id = ${projectId}`}
      and not exists (
        select from issue_bookmarks b where b.project_id = i.project_id and b.issue_id = i.id)
    order by i.project_id, i.id
    for update of i skip locked) as forgotten`
}

/** Removes up to `limit` hours of a project's issues on days before `before`; returns how many went. */
export async function deleteOldProjectHours(
  db: Db,
  old: { projectId: string; before: string; limit: number },
): Promise<number> {
  const { count } = await db`
    delete from issue_hours where (tableoid, ctid) in (
      select tableoid, ctid from issue_hours
      where project_id = ${old.projectId} and hour < ${old.before}::date
      limit ${old.limit})`
  return count
}

/** What was merged into leaving issues and has not arrived yet leaves with them. */
export async function updateLeavingSources(tx: Tx): Promise<void> {
  const sources = await tx<IssueRef[]>`
    select o.project_id, o.id from issues i
    join issue_redirects r on r.project_id = i.project_id and r.issue_id = i.id
    join issues o on o.project_id = r.project_id and o.id = r.old_issue_id and o.status = ${STATUS.merging}
    where i.status = ${STATUS.deleting}
    order by o.project_id, o.id
    for no key update of o`
  await tx`
    update issues set status = ${STATUS.deleting}, substatus = null
    where (project_id, id) in (select * from ${pairs(tx, sources)})`
}

/** Issues that wait to be removed, with the days between which their events were received. */
export async function listLeavingIssues(
  db: Db,
  limit: number,
): Promise<(IssueRef & { firstDay: string; lastDay: string })[]> {
  return await db<(IssueRef & { firstDay: string; lastDay: string })[]>`
    select project_id, id, first_received_day::text as first_day, last_received_day::text as last_day
    from issues where status = ${STATUS.deleting}
    order by project_id, id limit ${limit}`
}

/** Removes up to `limit` rows of each side table; returns how many went, 0 when nothing is left. */
export async function deleteIssueDetails(
  db: Db,
  issues: readonly IssueRef[],
  limit: number,
): Promise<number> {
  let removed = 0
  for (const table of SIDE_TABLES) {
    const result = await db`
      delete from ${db(table)} where (tableoid, ctid) in (
        select tableoid, ctid from ${db(table)}
        where (project_id, issue_id) in (select * from ${pairs(db, issues)}) limit ${limit})`
    removed += result.count
  }
  return removed
}

/** Removes issues that have no details left. Discarded hashes stay, so that their events go on being dropped. */
export async function deleteIssues(db: Db, issues: readonly IssueRef[]): Promise<void> {
  // In the order in which batches lock hashes that lead nowhere, as these do for them.
  await db`
    select from issue_hashes where (project_id, issue_id) in (select * from ${pairs(db, issues)})
    order by project_id, hash for update`
  await db`
    update issue_hashes set issue_id = null
    where (project_id, issue_id) in (select * from ${pairs(db, issues)}) and is_discarded`
  await db`
    delete from issue_hashes
    where (project_id, issue_id) in (select * from ${pairs(db, issues)})`
  await db`
    delete from issues
    where (project_id, id) in (select * from ${pairs(db, issues)}) and status = ${STATUS.deleting}`
}

/** Hashes that were seen before `before` and lead nowhere. */
export async function deleteEmptyHashes(db: Db, before: Date, limit: number): Promise<number> {
  const result = await db`
    delete from issue_hashes where ctid in (
      select ctid from issue_hashes
      where issue_id is null and not is_discarded and created_at < ${before} limit ${limit})`
  return result.count
}

/** All issues of a project start to leave; returns how many there were. */
export async function updateProjectLeaving(db: Db, projectId: string): Promise<number> {
  const result = await db`
    update issues set status = ${STATUS.deleting}
    where project_id = ${projectId} and status <> ${STATUS.deleting}`
  return result.count
}

/** What of a project hangs on no single issue. */
export async function deleteProjectTagValues(
  db: Db,
  projectId: string,
  limit: number,
): Promise<number> {
  const result = await db`
    delete from tag_values where ctid in (
      select ctid from tag_values where project_id = ${projectId} limit ${limit})`
  return result.count
}

function pairs(db: Db, issues: readonly IssueRef[]) {
  return db`unnest(
    ${issues.map((issue) => issue.projectId)}::bigint[], ${issues.map((issue) => issue.id)}::bigint[]
  ) as leaving (project_id, id)`
}
