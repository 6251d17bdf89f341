import type { Db } from "#platform/db.ts"

/** In how many hours since then a limit refused something, by category. `keyId` narrows it to one key. */
export async function countHoursReached(
  db: Db,
  of: { projectIds: readonly string[]; keyId?: string; reason: string; since: Date },
): Promise<Map<string, number>> {
  const rows = await db<{ category: string; hours: number }[]>`
    select category, count(distinct hour)::int as hours
    from outcome_hours
    where project_id = any(${[...of.projectIds]}::bigint[]) and hour >= ${of.since}
      and outcome = 'rate_limited' and reason = ${of.reason}
      and (${of.keyId ?? null}::bigint is null or key_id = ${of.keyId ?? null}::bigint)
    group by category`
  return new Map(rows.map(({ category, hours }) => [category, hours]))
}
