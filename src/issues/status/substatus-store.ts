import type { Db } from "#platform/db.ts"

/** For so long an issue is new, back or escalating; then it is ongoing. */
export const FRESH_DAYS = 7

/** What an archived issue of the statement is when it comes back. */
export function substatusReturnedSql(db: Db, at: Date) {
  return db`case when first_seen > ${at}::timestamptz - make_interval(days => ${FRESH_DAYS}) then 'new' else 'ongoing' end`
}

/** As priorityOf in priority.ts. */
export function levelPrioritySql(db: Db) {
  return db`case when level >= 40 then 75 when level >= 30 then 50 else 25 end`
}
