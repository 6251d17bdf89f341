import type { Db } from "#platform/db.ts"

/** How an item ended; every item ends exactly once. */
type Outcome =
  | "accepted"
  | "filtered"
  | "rate_limited"
  | "invalid"
  | "discarded"
  | "unsupported"
  | "dead_lettered"
  | "client_discard"

export type OutcomeCount = {
  /** "0" when no project is known. */
  projectId: string
  /** "0" when no key is known. */
  keyId: string
  /** Milliseconds since 1970; counted on its UTC hour. */
  receivedAt: number
  /** In the words of rate-limit headers: error, transaction, session ... */
  category: string
  outcome: Outcome | (string & {})
  /** "" for accepted. */
  reason: string
  /** Items. Negative takes an earlier count back: a replayed dead letter. */
  quantity: number
}

const HOUR_MS = 3_600_000

/** Adds items to their hours. */
export async function recordOutcomes(db: Db, counts: readonly OutcomeCount[]): Promise<void> {
  const rows = summedOutcomes(counts)
  if (rows.length === 0) return
  await db`
    insert into outcome_hours as total (project_id, key_id, hour, category, outcome, reason, quantity)
    select project_id, key_id, hour, category, outcome, reason, quantity
    from unnest(
      ${rows.map((row) => row.projectId)}::bigint[],
      ${rows.map((row) => row.keyId)}::bigint[],
      ${rows.map((row) => new Date(row.receivedAt).toISOString())}::timestamptz[],
      ${rows.map((row) => row.category)}::text[],
      ${rows.map((row) => row.outcome)}::text[],
      ${rows.map((row) => row.reason)}::text[],
      ${rows.map((row) => row.quantity)}::bigint[]
    ) as counted (project_id, key_id, hour, category, outcome, reason, quantity)
    order by project_id, key_id, hour, category, outcome, reason
    on conflict (project_id, key_id, hour, category, outcome, reason)
    do update set quantity = total.quantity + excluded.quantity`
}

/** One row a key: a statement cannot touch a row twice. In a batch most counts have the key of the one before. */
export function summedOutcomes(counts: readonly OutcomeCount[]): OutcomeCount[] {
  const rows = new Map<string, OutcomeCount>()
  let last: OutcomeCount | undefined
  for (const count of counts) {
    if (!last || !isSameEnd(last, count))
      last = rows.getOrInsertComputed(keyOf(count), () => empty(count))
    last.quantity += count.quantity
  }
  return [...rows.values()].filter((row) => row.quantity !== 0)
}

const hourOf = ({ receivedAt }: OutcomeCount) => Math.floor(receivedAt / HOUR_MS) * HOUR_MS

const empty = (count: OutcomeCount) => ({ ...count, receivedAt: hourOf(count), quantity: 0 })

function isSameEnd(row: OutcomeCount, count: OutcomeCount): boolean {
  return (
    row.projectId === count.projectId &&
    row.keyId === count.keyId &&
    row.receivedAt === hourOf(count) &&
    row.category === count.category &&
    row.outcome === count.outcome &&
    row.reason === count.reason
  )
}

function keyOf(count: OutcomeCount): string {
  const { projectId, keyId, category, outcome, reason } = count
  return [projectId, keyId, hourOf(count), category, outcome, reason].join("\n")
}

/**
 * Items by category and outcome of the hours from `from` (included) to `to` (not). Their sum is what was received in
 * that time, less what still waits.
 */
export async function sumOutcomes(
  db: Db,
  range: { projectId?: string; from: Date; to: Date },
): Promise<{ category: string; outcome: string; reason: string; quantity: number }[]> {
  const { projectId = null, from, to } = range
  return await db<{ category: string; outcome: string; reason: string; quantity: number }[]>`
    select category, outcome, reason, sum(quantity)::float8 as quantity
    from outcome_hours
    where hour >= ${from} and hour < ${to}
      and (${projectId}::bigint is null or project_id = ${projectId}::bigint)
    group by category, outcome, reason
    order by category, outcome, reason`
}

/** Events that a project's filters dropped since then, by the filter; what came with them is not counted. */
export async function countFiltered(
  db: Db,
  projectId: string,
  from: Date,
): Promise<Map<string, number>> {
  const rows = await db<{ reason: string; quantity: number }[]>`
    select reason, sum(quantity)::float8 as quantity
    from outcome_hours
    where project_id = ${projectId} and hour >= ${from} and outcome = 'filtered'
      and category in ('error', 'security', 'transaction')
    group by reason`
  return new Map(rows.map(({ reason, quantity }) => [reason, quantity]))
}

export async function deleteProjectOutcomes(
  db: Db,
  projectId: string,
  limit: number,
): Promise<number> {
  const result = await db`
    delete from outcome_hours where (tableoid, ctid) in (
      select tableoid, ctid from outcome_hours where project_id = ${projectId} limit ${limit})`
  return result.count
}
