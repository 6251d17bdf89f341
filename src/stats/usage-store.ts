import type { Db } from "#platform/db.ts"

/** What items can be told apart by. */
export type Dimension = "project" | "key" | "category" | "outcome" | "reason"

export type UsageScope = {
  projectIds: readonly string[]
  /** Absent: all keys, also of items whose key nobody knows. */
  keyId?: string | null
  from: Date
  to: Date
  /** Absent: all of them. */
  categories?: readonly string[] | undefined
  outcomes?: readonly string[] | undefined
  reasons?: readonly string[] | undefined
}

/** null where the rows are not told apart by it. */
export type Usage = {
  projectId: string | null
  keyId: string | null
  category: string | null
  outcome: string | null
  reason: string | null
  /** Index into `starts`. */
  bucket: number | null
  quantity: number
}

/**
 * Items that ended from `from` (included) to `to` (not), summed up by some dimensions, and by stretches of time when `starts` has
 * the beginning of each, in order.
 */
export async function listUsage(
  db: Db,
  scope: UsageScope,
  by: readonly Dimension[],
  starts: readonly Date[] | null = null,
): Promise<Usage[]> {
  const { projectIds, keyId = null, from, to } = scope
  const listed = (values: readonly string[] | undefined) => (values ? [...values] : null)
  const moments = starts?.map((start) => start.toISOString())
  return await db<Usage[]>`
    select
      case when ${by.includes("project")}::boolean then project_id::text end as project_id,
      case when ${by.includes("key")}::boolean then key_id::text end as key_id,
      case when ${by.includes("category")}::boolean then category end as category,
      case when ${by.includes("outcome")}::boolean then outcome end as outcome,
      case when ${by.includes("reason")}::boolean then reason end as reason,
      width_bucket(hour, ${moments ?? null}::timestamptz[]) - 1 as bucket,
      sum(quantity)::float8 as quantity
    from outcome_hours
    where project_id = any(${[...projectIds]}::bigint[]) and hour >= ${from} and hour < ${to}
      and (${keyId}::bigint is null or key_id = ${keyId}::bigint)
      and (${listed(scope.categories)}::text[] is null or category = any(${listed(scope.categories)}::text[]))
      and (${listed(scope.outcomes)}::text[] is null or outcome = any(${listed(scope.outcomes)}::text[]))
      and (${listed(scope.reasons)}::text[] is null or reason = any(${listed(scope.reasons)}::text[]))
    group by 1, 2, 3, 4, 5, 6
    order by quantity desc`
}
