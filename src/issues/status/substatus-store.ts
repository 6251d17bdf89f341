import type { Db } from "#platform/db.ts"

/** For so long an issue is new, back or escalating; then it is ongoing. */
export const FRESH_DAYS = 7

/** What an archived issue of the statement is when it comes back. */
export function substatusReturnedSql(db: Db, at: Date) {
  return db`case when first_seen > ${at}::timestamptz - make_interval(days => ${FRESH_DAYS}) then 'new' else 'ongoing' end`
}

/** What escalates no more has the priority of its level again (as priorityOf in priority.ts), unless somebody set it. */
export function calmedPrioritySql(db: Db) {
  return db`case when issues.substatus = 'escalating' and issues.priority_locked_at is null
    then case when issues.level >= 40 then 75 when issues.level >= 30 then 50 else 25 end
    else issues.priority end`
}

/** For the SET of an update: nothing says any more how the issue was resolved. */
export function noResolutionSql(db: Db) {
  return db`resolved_at = null, resolved_by = null, resolution_type = null, resolved_release_id = null,
    resolved_seen_release_id = null, resolved_version = null`
}
