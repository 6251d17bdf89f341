import { codeOf } from "./data-fault.ts"
import type { Sql, Tx } from "./db.ts"

/** A deadlock, or changes that could not be put in an order: over as soon as one of the two has given way. */
const PASSING = new Set(["40P01", "40001"])
const MAX_TRIES = 5

export function isPassing(error: unknown): boolean {
  return PASSING.has(codeOf(error) ?? "")
}

/** A transaction that is tried again when it met another in the wrong order. For what people do: tasks and batches are tried again as a whole. */
export async function transact<T>(sql: Sql, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return (await sql.begin(work)) as T
    } catch (error) {
      if (!isPassing(error) || tries === MAX_TRIES) throw error
    }
  }
}
