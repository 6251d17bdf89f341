import type { Db } from "#platform/db.ts"
import type { ArchiveRule, IssueRef, Substatus } from "../issue.ts"
import { STATUS } from "../issue.ts"
import {
  calmedPrioritySql,
  noResolutionSql,
  substatusReturnedSql,
} from "../status/substatus-store.ts"

/** What a statement changed: only these get an activity entry. */
export type Changed = { projectId: string; id: string }

/** An issue as it is before an action. */
export type LockedIssue = Changed & {
  status: number
  /** Columns that Undo puts back. */
  before: Record<string, unknown>
}

/** What an action on its status changes of an issue. */
const STATE = [
  "status",
  "substatus",
  "priority",
  "active_at",
  "returned_at",
  "archive_rule",
  "archived_at",
  "archived_by",
  "resolved_at",
  "resolved_by",
  "auto_resolved_at",
  "resolution_type",
  "resolved_release_id",
  "resolved_seen_release_id",
  "resolved_version",
]

/** Entries about an issue's status: the newest of them says how it came to be as it is. */
const STATUS_ENTRIES = [
  "set_resolved",
  "set_resolved_in_release",
  "set_resolved_in_commit",
  "set_resolved_by_age",
  "set_ignored",
  "set_unresolved",
  "set_regression",
  "set_escalating",
  "undo",
]

/** Rows in key order, so that two bulk actions and a batch never wait for each other in a circle. */
export function lockIssues(db: Db, issues: readonly IssueRef[]) {
  return db<LockedIssue[]>`
    select project_id, id, status, (
        select jsonb_object_agg(key, value) from jsonb_each(to_jsonb(issues)) where key = any(${STATE})) as before
    from issues
    where (project_id, id) in (select * from ${pairs(db, issues)})
      and status in (${STATUS.unresolved}, ${STATUS.resolved}, ${STATUS.archived})
    order by project_id, id
    for no key update`
}

/** What was resolved came back; what was archived is new as long as it is young. */
export function updateUnresolved(db: Db, issues: readonly IssueRef[], at: Date) {
  return db<Changed[]>`
    update issues set status = ${STATUS.unresolved}, archive_rule = null, active_at = ${at}, returned_at = null,
      substatus = case when status = ${STATUS.resolved} then 'regressed' else ${substatusReturnedSql(db, at)} end,
      ${noResolutionSql(db)}
    where (project_id, id) in (select * from ${pairs(db, issues)}) and status <> ${STATUS.unresolved}
    returning project_id, id`
}

/**
 * Puts back what issues were before this person resolved or archived them, where nothing happened to their status since. Releases
 * and people that are gone meanwhile stay away.
 */
export function updateUndone(db: Db, issues: readonly IssueRef[], by: string | null) {
  const release = (column: string) => db`(select id from releases where id = was.${db(column)})`
  const user = (column: string) => db`(select id from users where id = was.${db(column)})`
  return db<(Changed & { status: number })[]>`
    update issues i set status = was.status, substatus = was.substatus, active_at = was.active_at, returned_at = was.returned_at,
      priority = case when i.priority_locked_at is null then was.priority else i.priority end,
      archive_rule = was.archive_rule, archived_at = was.archived_at, archived_by = ${user("archived_by")},
      resolved_at = was.resolved_at, resolved_by = ${user("resolved_by")}, auto_resolved_at = was.auto_resolved_at,
      resolution_type = was.resolution_type, resolved_version = was.resolved_version,
      resolved_release_id = ${release("resolved_release_id")}, resolved_seen_release_id = ${release("resolved_seen_release_id")}
    from ${pairs(db, issues)}
    cross join lateral (
      select a.user_id, a.data from issue_activity a
      where a.project_id = pairs.project_id and a.issue_id = pairs.id and a.type = any(${STATUS_ENTRIES})
      order by a.id desc limit 1) as last
    cross join lateral jsonb_populate_record(null::issues, last.data->'before') as was
    where i.project_id = pairs.project_id and i.id = pairs.id
      and last.user_id is not distinct from ${by}::bigint and jsonb_typeof(last.data->'before') = 'object'
    returning i.project_id, i.id, i.status`
}

/** The baselines of a rule are taken here, from the row that is archived. */
export function updateArchived(
  db: Db,
  issues: readonly IssueRef[],
  archive: { substatus: Substatus; rule: ArchiveRule; by: string | null; at: Date },
) {
  return db<Changed[]>`
    update issues set status = ${STATUS.archived}, substatus = ${archive.substatus},
      archive_rule = ${db.json(archive.rule)} || jsonb_build_object('eventsThen', times_seen, 'usersThen', users_seen),
      archived_at = ${archive.at}, archived_by = ${archive.by}, priority = ${calmedPrioritySql(db)}, ${noResolutionSql(db)}
    where (project_id, id) in (select * from ${pairs(db, issues)})
    returning project_id, id`
}

export function updateAssignee(
  db: Db,
  issues: readonly IssueRef[],
  to: { userId: string | null; teamId: string | null },
) {
  return db<Changed[]>`
    update issues set assignee_user_id = ${to.userId}, assignee_team_id = ${to.teamId}
    where (project_id, id) in (select * from ${pairs(db, issues)})
      and (assignee_user_id is distinct from ${to.userId} or assignee_team_id is distinct from ${to.teamId})
    returning project_id, id`
}

/** Set by hand, it stays: nothing computed changes it any more. */
export function updatePriority(db: Db, issues: readonly IssueRef[], priority: number, at: Date) {
  return db<Changed[]>`
    update issues set priority = ${priority}, priority_locked_at = ${at}
    where (project_id, id) in (select * from ${pairs(db, issues)})
      and (priority <> ${priority} or priority_locked_at is null)
    returning project_id, id`
}

/** New, regressed, escalating and returned issues that somebody looked at are ongoing. */
export function updateReviewed(db: Db, issues: readonly IssueRef[]) {
  return db<Changed[]>`
    update issues set substatus = 'ongoing', returned_at = null, priority = ${calmedPrioritySql(db)}
    where (project_id, id) in (select * from ${pairs(db, issues)})
      and status = ${STATUS.unresolved} and (substatus <> 'ongoing' or returned_at is not null)
    returning project_id, id`
}

export async function insertBookmarks(db: Db, issues: readonly IssueRef[], userId: string) {
  await db`
    insert into issue_bookmarks (project_id, issue_id, user_id)
    select project_id, id, ${userId} from ${pairs(db, issues)}
    on conflict do nothing`
}

export async function deleteBookmarks(db: Db, issues: readonly IssueRef[], userId: string) {
  await db`
    delete from issue_bookmarks
    where (project_id, issue_id) in (select * from ${pairs(db, issues)}) and user_id = ${userId}`
}

/**
 * `isActive` false silences the issue for this person. A subscription that comes along with an act (comment, assignment) never
 * overrides an explicit "no more of this".
 */
export async function recordSubscriptions(
  db: Db,
  issues: readonly IssueRef[],
  subscription: { userId: string; isActive: boolean; reason: string; isExplicit: boolean },
) {
  await db`
    insert into issue_subscriptions (project_id, issue_id, user_id, is_active, reason)
    select project_id, id, ${subscription.userId}, ${subscription.isActive}, ${subscription.reason}
    from ${pairs(db, issues)}
    on conflict (project_id, issue_id, user_id) do update
      set is_active = excluded.is_active, reason = excluded.reason
      where ${subscription.isExplicit}`
}

/** Issues as a two-column relation. */
function pairs(db: Db, issues: readonly IssueRef[]) {
  const projects = issues.map((issue) => issue.projectId)
  const ids = issues.map((issue) => issue.id)
  return db`unnest(${projects}::bigint[], ${ids}::bigint[]) as pairs (project_id, id)`
}
