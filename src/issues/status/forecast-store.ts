import type { Fragment } from "postgres"
import type { Db, Tx } from "#platform/db.ts"
import { type IssueRef, PRIORITY, STATUS } from "../issue.ts"
import type { HourPoint } from "./forecast.ts"
import type { Returned } from "./wake-store.ts"

const HISTORY_DAYS = 7

/** Issues of which a forecast is wanted, and none was made for a week; those without a recent event have nothing to make it of. */
export function listIssuesToForecast(db: Db, day: string, limit: number) {
  return db<IssueRef[]>`
    select i.project_id, i.id from issues i
    left join issue_forecasts f on f.project_id = i.project_id and f.issue_id = i.id
    where ${isComparedSql(db)} and i.last_received_day >= ${day}::date - ${HISTORY_DAYS}::int
      and (f.made_on is null or f.made_on <= ${day}::date - ${HISTORY_DAYS}::int)
    order by i.project_id, i.id
    limit ${limit}`
}

/** The hours of the last week with events, by issue id. */
export async function listForecastHours(
  db: Db,
  issues: readonly IssueRef[],
  now: Date,
): Promise<Map<string, HourPoint[]>> {
  const rows = await db<(HourPoint & { issueId: string })[]>`
    select h.issue_id, h.hour, sum(h.events)::int as events from issue_hours h
    where (h.project_id, h.issue_id) in (select * from unnest(
        ${issues.map(({ projectId }) => projectId)}::bigint[], ${issues.map(({ id }) => id)}::bigint[]))
      and h.hour > ${now}::timestamptz - make_interval(days => ${HISTORY_DAYS}) and h.hour <= ${now}
    group by h.issue_id, h.hour`
  return Map.groupBy(rows, (row) => row.issueId)
}

type Forecast = IssueRef & { ceilings: readonly number[]; usual: number }

export async function recordForecasts(db: Db, day: string, forecasts: readonly Forecast[]) {
  if (forecasts.length === 0) return
  await db`
    insert into issue_forecasts (project_id, issue_id, made_on, ceilings, usual)
    select project_id, issue_id, ${day}::date, string_to_array(ceilings, ',')::int[], usual
    from unnest(
      ${forecasts.map(({ projectId }) => projectId)}::bigint[],
      ${forecasts.map(({ id }) => id)}::bigint[],
      ${forecasts.map(({ ceilings }) => ceilings.join(","))}::text[],
      ${forecasts.map(({ usual }) => usual)}::int[]) as made (project_id, issue_id, ceilings, usual)
    order by project_id, issue_id
    on conflict (project_id, issue_id) do update
      set made_on = excluded.made_on, ceilings = excluded.ceilings, usual = excluded.usual`
}

/** Of issues that are compared with nothing any more, or are gone. */
export async function deleteNeedlessForecasts(db: Db): Promise<void> {
  await db`
    delete from issue_forecasts f where not exists (
      select from issues i where i.project_id = f.project_id and i.id = f.issue_id and ${isComparedSql(db)})`
}

/**
 * Brings back archived issues with more events in an hour than foreseen, with an activity each; an hour is looked at once more
 * when it is over.
 */
export function updateEscalatedIssues(tx: Tx, now: Date): Promise<Returned[]> {
  return updateToEscalating(tx, now, {
    isDue: isComparedSql(tx),
    busy: tx`
      select distinct on (hours.project_id, hours.issue_id) hours.*, ceiling, f.usual
      from (
        select h.project_id, h.issue_id, h.hour, sum(h.events)::int as events from issue_hours h
        where h.hour >= date_trunc('hour', ${now}::timestamptz - interval '5 minutes') and h.hour <= ${now}
          and (h.project_id, h.issue_id) in (select project_id, issue_id from issue_forecasts)
        group by 1, 2, 3) as hours
      join issue_forecasts f on f.project_id = hours.project_id and f.issue_id = hours.issue_id
      cross join lateral (select f.ceilings[least(hours.hour::date - f.made_on + 1, cardinality(f.ceilings))] as ceiling) foreseen
      where hours.events > ceiling
      order by hours.project_id, hours.issue_id, hours.hour desc`,
  })
}

/**
 * Makes issues escalating, with an activity each. `busy` are those with too many events in an hour (project_id, issue_id, events,
 * ceiling, usual), `isDue` says of an issue `i` whether it may escalate. Who holds one of them decides about it himself.
 */
export function updateToEscalating(
  tx: Tx,
  now: Date,
  { busy, isDue }: { busy: Fragment; isDue: Fragment },
): Promise<Returned[]> {
  return tx<Returned[]>`
    with busy as materialized (${busy}),
    due as (
      select i.project_id, i.id from issues i
      where (i.project_id, i.id) in (select project_id, issue_id from busy) and ${isDue}
      order by i.project_id, i.id
      for no key update skip locked),
    escalated as (
      update issues i set status = ${STATUS.unresolved}, substatus = 'escalating', archive_rule = null,
        active_at = ${now}, returned_at = null,
        priority = case when priority_locked_at is null then ${PRIORITY.high} else priority end
      from due where i.project_id = due.project_id and i.id = due.id
      returning i.project_id, i.id)
    insert into issue_activity (project_id, issue_id, type, data, created_at)
    select busy.project_id, busy.issue_id, 'set_escalating',
      jsonb_strip_nulls(jsonb_build_object('events', events, 'forecast', ceiling, 'usual', usual)), ${now}
    from escalated join busy on busy.project_id = escalated.project_id and busy.issue_id = escalated.id
    order by busy.project_id, busy.issue_id
    returning project_id, issue_id, id as activity_id`
}

/** Issues `i` that are compared with a forecast; served by issues_archived_idx. */
function isComparedSql(db: Db) {
  return db`i.status = ${STATUS.archived} and i.archive_rule is not null and i.substatus = 'archived_until_escalating'`
}
