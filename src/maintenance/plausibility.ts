import type { App } from "#app.ts"
import { findNewestEventAt } from "#events/store.ts"
import { AppError } from "#platform/errors.ts"
import type { DayPartition } from "#platform/partitions.ts"
import { findDatabaseTime } from "#stats/process-store.ts"

/** Two clocks that differ by more are not both right. */
const MAX_SKEW_MS = 300_000
/** With fresh events the days are known to be right, however much goes. */
const FRESH_MS = 2 * 86_400_000

/**
 * A clock that jumped ahead would drop everything. Refuses when this host and PostgreSQL disagree, and when most of the
 * data would go while nothing but the clock says that it is old.
 */
export async function refuseImplausible(
  { sql, clock }: Pick<App, "sql" | "clock">,
  partitions: readonly DayPartition[],
  doomed: readonly DayPartition[],
): Promise<void> {
  await refuseSkew({ sql, clock })
  const now = clock.now()
  const all = bytesOf(partitions)
  if (bytesOf(doomed) <= all / 2) return
  const days = [...new Set(partitions.map((partition) => partition.day))]
  const newest = await findNewestEventAt(sql, days)
  if (newest && now.getTime() - newest.getTime() > FRESH_MS) {
    const at = newest.toISOString().slice(0, 10)
    throw refusal(`more than half of the data would go, and the latest event is of ${at}`)
  }
}

/** Throws `forbidden` when this host and PostgreSQL do not agree what time it is. */
export async function refuseSkew({ sql, clock }: Pick<App, "sql" | "clock">): Promise<void> {
  const skewMs = Math.abs(clock.now().getTime() - (await findDatabaseTime(sql)).getTime())
  if (skewMs <= MAX_SKEW_MS) return
  const seconds = Math.round(skewMs / 1000)
  throw refusal(`the clocks of this host and of PostgreSQL differ by ${seconds} seconds`)
}

function refusal(reason: string): AppError {
  return new AppError(
    "forbidden",
    `Nothing was removed: ${reason}. Check the clock, or use --force.`,
  )
}

const bytesOf = (partitions: readonly DayPartition[]) =>
  partitions.reduce((sum, partition) => sum + partition.bytes, 0)
