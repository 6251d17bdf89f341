import type { Db } from "#platform/db.ts"
import type { IssueRef } from "../issue.ts"
import type { ArchiveProgress } from "./archive-words.ts"
import { eventsWithinSql, usersWithinSql } from "./wake-store.ts"

export type ArchiveState = ArchiveProgress & {
  /** Events of one hour beyond which it escalates; null: not known yet. */
  ceiling: number | null
  eventsThisHour: number
}

/** How near an archived issue is to coming back. */
export async function findArchiveState(
  db: Db,
  issue: IssueRef,
  now: Date,
): Promise<ArchiveState | null> {
  const rule = db`i.archive_rule`
  const [row] = await db<ArchiveState[]>`
    select
      case when ${rule}->>'windowMinutes' is null then i.times_seen - coalesce((${rule}->>'eventsThen')::bigint, 0)
        else ${eventsWithinSql(db, now, db`(${rule}->>'untilEvents')::int`)} end::int as events,
      case when ${rule}->>'userWindowMinutes' is null then i.users_seen - coalesce((${rule}->>'usersThen')::int, 0)
        else ${usersWithinSql(db, now)} end as users,
      (select f.ceilings[least(${now}::timestamptz::date - f.made_on + 1, cardinality(f.ceilings))]
        from issue_forecasts f where f.project_id = i.project_id and f.issue_id = i.id) as ceiling,
      (select coalesce(sum(h.events), 0)::int from issue_hours h
        where h.project_id = i.project_id and h.issue_id = i.id and h.hour = date_trunc('hour', ${now}::timestamptz)) as events_this_hour
    from issues i where i.project_id = ${issue.projectId} and i.id = ${issue.id}`
  return row ?? null
}
