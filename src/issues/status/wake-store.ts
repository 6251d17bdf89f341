import type { Fragment } from "postgres"
import type { Db, Tx } from "#platform/db.ts"
import { type IssueRef, STATUS } from "../issue.ts"
import { substatusReturnedSql } from "./substatus-store.ts"

/** An archived issue that came back, and the entry that says why. */
export type Returned = { projectId: string; issueId: string; activityId: string }

/** Archived issues woken in one go; the rest waits for the next minute. */
const MAX_WOKEN = 1000

/**
 * Brings back archived issues of which a condition is met, with an activity each. Who holds one of them decides about it himself.
 * `among`: only these.
 */
export function updateWokenIssues(tx: Tx, now: Date, among?: readonly IssueRef[]) {
  return tx<Returned[]>`
    with due as (
      select i.project_id, i.id, archive.met, i.archive_rule as rule
      from issues i cross join lateral (select ${metSql(tx, now)} as met) as archive
      where i.status = ${STATUS.archived} and i.archive_rule is not null and archive.met is not null
        ${among ? tx`and (i.project_id, i.id) in (select * from ${pairs(tx, among)})` : tx``}
      order by i.project_id, i.id
      limit ${MAX_WOKEN}
      for no key update of i skip locked),
    woken as (
      update issues i set status = ${STATUS.unresolved}, substatus = ${substatusReturnedSql(tx, now)},
        archive_rule = null, active_at = ${now}, returned_at = ${now}
      from due where i.project_id = due.project_id and i.id = due.id
      returning i.project_id, i.id, due.met, due.rule)
    insert into issue_activity (project_id, issue_id, type, data, created_at)
    select project_id, id, 'set_unresolved',
      jsonb_build_object('reason', 'archive_condition_met', 'met', met, 'rule', rule), ${now}
    from woken order by project_id, id
    returning project_id, issue_id, id as activity_id`
}

/** Which condition of a rule is met: until, events, users; null: none. */
function metSql(db: Db, now: Date): Fragment {
  const rule = db`i.archive_rule`
  return db`case
    when (${rule}->>'until')::timestamptz <= ${now} then 'until'
    when i.times_seen - coalesce((${rule}->>'eventsThen')::bigint, 0) >= (${rule}->>'untilEvents')::bigint
      and (${rule}->>'windowMinutes' is null
        or ${eventsWithinSql(db, now, db`(${rule}->>'untilEvents')::int`)} >= (${rule}->>'untilEvents')::int
        or ${burstSql(db, now)})
      then 'events'
    when case when ${rule}->>'userWindowMinutes' is null
        then i.users_seen - coalesce((${rule}->>'usersThen')::int, 0) >= (${rule}->>'untilUsers')::int
        else i.times_seen - coalesce((${rule}->>'eventsThen')::bigint, 0) >= (${rule}->>'untilUsers')::bigint
          and ${usersWithinSql(db, now)} >= (${rule}->>'untilUsers')::int
        end then 'users'
    end`
}

/** Events since the archiving within the rule's window; counting stops at `most`. */
export function eventsWithinSql(db: Db, now: Date, most: Fragment, slackMinutes = 0): Fragment {
  return db`(select count(*)::int from (
    select from events e where ${withinSql(db, now, db`'windowMinutes'`, slackMinutes)} limit ${most}) as recent)`
}

/** Conditions are looked at every minute: what came between two looks is no less for being in neither's window. */
const SLACK_MINUTES = 2

/** Whether as many events as the rule waits for came within its window a little while ago. Counts before it looks at each. */
function burstSql(db: Db, now: Date): Fragment {
  const most = db`(i.archive_rule->>'untilEvents')::int`
  return db`(${eventsWithinSql(db, now, most, SLACK_MINUTES)} >= ${most} and exists (select from (
    select e.received_at - lag(e.received_at, ${most} - 1) over (order by e.received_at) as span
    from events e where ${withinSql(db, now, db`'windowMinutes'`, SLACK_MINUTES)}) as bursts
    where span < make_interval(mins => (i.archive_rule->>'windowMinutes')::int)))`
}

/** Users of events since the archiving within the rule's window for users. */
export function usersWithinSql(db: Db, now: Date): Fragment {
  return db`(select count(distinct e.user_hash)::int from events e where ${withinSql(db, now, db`'userWindowMinutes'`)})`
}

function withinSql(db: Db, now: Date, key: Fragment, slackMinutes = 0): Fragment {
  const from = db`greatest(i.archived_at,
    ${now}::timestamptz - make_interval(mins => (i.archive_rule->>${key})::int + ${slackMinutes}))`
  return db`e.project_id = i.project_id and e.issue_id = i.id
    and e.received_day >= ${from}::date and e.received_at >= ${from}`
}

function pairs(db: Db, issues: readonly IssueRef[]) {
  return db`unnest(${issues.map(({ projectId }) => projectId)}::bigint[], ${issues.map(({ id }) => id)}::bigint[])`
}
