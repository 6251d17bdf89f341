import type { Db, Tx } from "#platform/db.ts"
import { STATUS } from "../issue.ts"
import { updateToEscalating } from "./forecast-store.ts"
import type { Returned } from "./wake-store.ts"

const HISTORY_DAYS = 7
/** So many hours of issues say what is usual; before there are as many, UNKNOWN_CEILING holds. */
const MIN_HOURS = 100
const UNKNOWN_CEILING = 100
/** Nine of ten hours of issues have no more events. */
const SHARE = 0.9
/** Fewer events than this escalate nothing, in an hour and in all. */
const MIN_EVENTS = 10
const YOUNG_HOURS = 24

/** Projects whose pace was not measured for a day. */
export async function listProjectsToPace(db: Db, now: Date, limit: number): Promise<string[]> {
  const rows = await db<{ id: string }[]>`
    select p.id from projects p left join project_paces pace on pace.project_id = p.id
    where p.status = 'active' and (pace.measured_at is null or pace.measured_at <= ${now}::timestamptz - interval '1 day')
    order by p.id limit ${limit}`
  return rows.map(({ id }) => id)
}

/** Measures hours that are over, of all issues that had events in them. */
export async function recordPace(db: Db, projectId: string, now: Date): Promise<void> {
  await db`
    insert into project_paces (project_id, measured_at, ceiling)
    select ${projectId}, ${now}, case when count(*) < ${MIN_HOURS} then ${UNKNOWN_CEILING}
      else greatest(${MIN_EVENTS}, percentile_disc(${SHARE}) within group (order by events)) end
    from (
      select sum(events)::int as events from issue_hours
      where project_id = ${projectId} and hour >= ${now}::timestamptz - make_interval(days => ${HISTORY_DAYS})
        and hour < date_trunc('hour', ${now}::timestamptz)
      group by issue_id, hour) as hours
    on conflict (project_id) do update set measured_at = excluded.measured_at, ceiling = excluded.ceiling`
}

/** New issues, less than a day old, with more events in an hour than their project is used to escalate, with an activity each. */
export function updateSurgingIssues(tx: Tx, now: Date): Promise<Returned[]> {
  const young = tx`i.status = ${STATUS.unresolved} and i.substatus = 'new' and i.times_seen >= ${MIN_EVENTS}
    and i.first_seen > ${now}::timestamptz - make_interval(hours => ${YOUNG_HOURS})`
  return updateToEscalating(tx, now, {
    isDue: young,
    // Organization by organization, for the index on (organization_id, status, first_seen).
    busy: tx`
      select i.project_id, i.id as issue_id, busy.events, coalesce(pace.ceiling, ${UNKNOWN_CEILING}) as ceiling, null::int as usual
      from organizations o
      join issues i on i.organization_id = o.id and ${young}
      left join project_paces pace on pace.project_id = i.project_id
      cross join lateral (
        select sum(h.events)::int as events from issue_hours h
        where h.project_id = i.project_id and h.issue_id = i.id
          and h.hour >= date_trunc('hour', ${now}::timestamptz - interval '5 minutes') and h.hour <= ${now}
        group by h.hour order by 1 desc limit 1) busy
      where busy.events >= ${MIN_EVENTS} and busy.events > coalesce(pace.ceiling, ${UNKNOWN_CEILING})`,
  })
}
