import { ConcurrentChange } from "#issues/occurrence.ts"
import { isMissingPartition } from "#platform/partitions.ts"
import { TaskQueueAway } from "#platform/tasks.ts"

/**
 * What to do about a transaction that failed.
 * again: the same thing may work at once (deadlock, concurrent change).
 * partition: a day has to be made first. references: something remembered is gone from the database.
 * slow: it took longer than a statement may; fewer messages at once may work.
 * unavailable: PostgreSQL cannot work now, whatever it is given; wait.
 * poison: these messages cannot be stored.
 */
export type Failure = "again" | "partition" | "references" | "slow" | "unavailable" | "poison"

const AGAIN = new Set(["40P01", "40001"])
const FOREIGN_KEY = "23503"
const STATEMENT_TIMEOUT = "57014"

/**
 * Those SQLSTATEs speak of what was sent: 21 a row twice, 22 data, 23 constraints, 44 views, 54 sizes, P0 somebody's
 * trigger. All others tell how PostgreSQL is: gone, full, read-only, being upgraded, in need of a new plan ... A message must not
 * become a dead letter for that, so what is not known is taken for this kind, too.
 */
const POISON = /^(?:21|22|23|44|54|P0)[0-9A-Z]{3}$/
/** Our own faults in putting a statement together; the other codes that are no SQLSTATE are the network's. */
const OWN_FAULT =
  /^(?:ERR_(?!TLS_|SSL_|SOCKET_)|UNDEFINED_VALUE$|NOT_TAGGED_CALL$|MAX_PARAMETERS_EXCEEDED$)/

export function failureOf(error: unknown): Failure {
  if (error instanceof ConcurrentChange) return "again"
  if (error instanceof TaskQueueAway) return "unavailable"
  if (isMissingPartition(error)) return "partition"
  const code = codeOf(error)
  if (code === null) return "poison"
  if (AGAIN.has(code)) return "again"
  if (code === FOREIGN_KEY) return "references"
  if (code === STATEMENT_TIMEOUT) return "slow"
  return POISON.test(code) || OWN_FAULT.test(code) ? "poison" : "unavailable"
}

function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error)) return null
  return typeof error.code === "string" ? error.code : null
}
