import type { Db, Tx } from "#platform/db.ts"
import { STATUS } from "./issue.ts"

/** Archived issues woken in one go; the rest waits for the next minute. */
const MAX_WOKEN = 1000

/**
 * Brings back archived issues of which a condition is met, with an activity each; returns their projects. A window counts
 * real events; more than since the archiving they cannot be.
 */
export async function updateWokenIssues(tx: Tx, now: Date): Promise<string[]> {
  const rows = await tx<{ projectId: string }[]>`
    with due as (
      select i.project_id, i.id from issues i
      where i.status = ${STATUS.archived} and i.archive_rule is not null and (
        (i.archive_rule->>'until')::timestamptz <= ${now}
        or i.users_seen - coalesce((i.archive_rule->>'usersThen')::int, 0) >= (i.archive_rule->>'untilUsers')::int
        or (i.times_seen - coalesce((i.archive_rule->>'eventsThen')::bigint, 0) >= (i.archive_rule->>'untilEvents')::bigint
          and (i.archive_rule->>'windowMinutes' is null or (
            select count(*) from (
              select from events e
              where e.project_id = i.project_id and e.issue_id = i.id
                and e.received_day >= (${now}::timestamptz - make_interval(mins => (i.archive_rule->>'windowMinutes')::int))::date
                and e.received_at > ${now}::timestamptz - make_interval(mins => (i.archive_rule->>'windowMinutes')::int)
              limit (i.archive_rule->>'untilEvents')::int) recent
          ) >= (i.archive_rule->>'untilEvents')::int)))
      order by i.project_id, i.id
      limit ${MAX_WOKEN}
      for no key update skip locked),
    woken as (
      update issues i set status = ${STATUS.unresolved}, archive_rule = null, active_at = ${now},
        substatus = case when i.first_seen > ${now}::timestamptz - interval '7 days' then 'new' else 'ongoing' end
      from due where i.project_id = due.project_id and i.id = due.id
      returning i.project_id, i.id)
    insert into issue_activity (project_id, issue_id, type, data)
    select project_id, id, 'set_unresolved', '{"reason": "archive_condition_met"}' from woken
    returning project_id`
  return [...new Set(rows.map((row) => row.projectId))]
}

/** What has been new, back or escalating for a week is ongoing. */
export async function updateOngoingIssues(db: Db, now: Date): Promise<number> {
  const result = await db`
    update issues set substatus = 'ongoing'
    where status = ${STATUS.unresolved} and substatus in ('new', 'regressed', 'escalating')
      and active_at < ${now}::timestamptz - interval '7 days'`
  return result.count
}
