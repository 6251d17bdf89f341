import type { Db } from "#platform/db.ts"
import type { ArchiveRule, IssueRef, Substatus } from "../issue.ts"
import { STATUS } from "../issue.ts"
import { levelPrioritySql, substatusReturnedSql } from "../status/substatus-store.ts"

/** What a statement changed: only these get an activity entry. */
export type Changed = { projectId: string; id: string }

/** An issue as it is before an action. */
export type LockedIssue = Changed & { status: number; substatus: Substatus | null }

/** Rows in key order, so that two bulk actions and a batch never wait for each other in a circle. */
export function lockIssues(db: Db, issues: readonly IssueRef[]) {
  return db<LockedIssue[]>`
    select project_id, id, status, substatus from issues
    where (project_id, id) in (select * from ${pairs(db, issues)})
      and status in (${STATUS.unresolved}, ${STATUS.resolved}, ${STATUS.archived})
    order by project_id, id
    for no key update`
}

export function updateUnresolved(
  db: Db,
  issues: readonly IssueRef[],
  { at, isUndo }: { at: Date; isUndo: boolean },
) {
  const substatus = isUndo
    ? db`coalesce(${substatusBefore(db)}, 'ongoing')`
    : substatusReopenedSql(db, at)
  return db<Changed[]>`
    update issues set status = ${STATUS.unresolved}, substatus = ${substatus}, archive_rule = null, active_at = ${at},
      returned_at = null,
      resolved_at = null, resolved_by = null, resolution_type = null, resolved_release_id = null
    where (project_id, id) in (select * from ${pairs(db, issues)}) and status <> ${STATUS.unresolved}
    returning project_id, id`
}

/** What was resolved came back; what was archived is new as long as it is young. */
function substatusReopenedSql(db: Db, at: Date) {
  return db`case when status = ${STATUS.resolved} then 'regressed' else ${substatusReturnedSql(db, at)} end`
}

/** What `insertActivity` noted when the issue was resolved or archived the last time. */
function substatusBefore(db: Db) {
  return db`(
    select a.data->>'before' from issue_activity a
    where a.project_id = issues.project_id and a.issue_id = issues.id
      and a.type in ('set_resolved', 'set_resolved_in_release', 'set_resolved_in_commit', 'set_ignored')
    order by a.id desc limit 1)`
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
      archived_at = ${archive.at}, archived_by = ${archive.by},
      resolved_at = null, resolved_by = null, resolution_type = null, resolved_release_id = null
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

/** Issues that escalate no more have the priority of their level again, unless somebody set it. */
export async function updateCalmedPriorities(db: Db, issues: readonly IssueRef[]): Promise<void> {
  if (issues.length === 0) return
  await db`
    update issues set priority = ${levelPrioritySql(db)}
    where (project_id, id) in (select * from ${pairs(db, issues)})
      and substatus is distinct from 'escalating' and priority_locked_at is null`
}

/** New, regressed, escalating and returned issues that somebody looked at are ongoing. */
export function updateReviewed(db: Db, issues: readonly IssueRef[]) {
  return db<Changed[]>`
    update issues set substatus = 'ongoing', returned_at = null
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
