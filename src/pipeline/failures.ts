import { ConcurrentChange } from "#issues/occurrence.ts"
import { isMissingPartition } from "#platform/partitions.ts"

/**
 * What to do about a transaction that failed.
 * again: the same thing may work at once (deadlock, concurrent change).
 * partition: a day has to be made first. references: something remembered is gone from the database.
 * unavailable: PostgreSQL cannot work now, whatever it is given; wait.
 * poison: these messages cannot be stored.
 */
export type Failure = "again" | "partition" | "references" | "unavailable" | "poison"

const AGAIN = new Set(["40P01", "40001"])
const FOREIGN_KEY = "23503"

/**
 * Classes of SQLSTATE that say nothing about the messages: 08 connection, 25 read-only standby, 42 a schema that is not
 * ours (an upgrade under way), 53 out of disk, memory or connections, 55 and 57 locks, timeouts, shutdown, 58 I/O, F0, XX.
 */
const UNAVAILABLE_CLASSES = new Set([
  "08",
  "25",
  "28",
  "3D",
  "42",
  "53",
  "55",
  "57",
  "58",
  "F0",
  "XX",
])
/** What the driver and the operating system say instead of a SQLSTATE. */
const UNAVAILABLE_CODE =
  /^(?:CONNECT|ECONN|ENOENT$|EPIPE$|ETIMEDOUT$|EHOSTUNREACH$|ENOTFOUND$|EAI_)/

export function failureOf(error: unknown): Failure {
  if (error instanceof ConcurrentChange) return "again"
  if (isMissingPartition(error)) return "partition"
  const code = codeOf(error)
  if (code === null) return "poison"
  if (AGAIN.has(code)) return "again"
  if (code === FOREIGN_KEY) return "references"
  if (UNAVAILABLE_CODE.test(code)) return "unavailable"
  return UNAVAILABLE_CLASSES.has(code.slice(0, 2)) ? "unavailable" : "poison"
}

function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error)) return null
  return typeof error.code === "string" ? error.code : null
}
