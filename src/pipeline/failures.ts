import { ConcurrentChange } from "#issues/occurrences/occurrence.ts"
import { codeOf, isDataFault } from "#platform/data-fault.ts"
import { isMissingPartition } from "#platform/partitions.ts"
import { TaskQueueAway } from "#platform/tasks.ts"
import { isPassing } from "#platform/transact.ts"

/**
 * What to do about a transaction that failed.
 * again: the same thing may work at once (deadlock, concurrent change).
 * partition: a day has to be made first. references: something remembered is gone from the database.
 * slow: it took longer than a statement may; fewer messages at once may work.
 * unavailable: PostgreSQL cannot work now, whatever it is given; wait.
 * poison: these messages cannot be stored.
 */
export type Failure = "again" | "partition" | "references" | "slow" | "unavailable" | "poison"

const FOREIGN_KEY = "23503"
const STATEMENT_TIMEOUT = "57014"

export function failureOf(error: unknown): Failure {
  if (error instanceof ConcurrentChange) return "again"
  if (error instanceof TaskQueueAway) return "unavailable"
  if (isMissingPartition(error)) return "partition"
  const code = codeOf(error) ?? ""
  if (isPassing(error)) return "again"
  if (code === FOREIGN_KEY) return "references"
  if (code === STATEMENT_TIMEOUT) return "slow"
  return isDataFault(error) ? "poison" : "unavailable"
}
