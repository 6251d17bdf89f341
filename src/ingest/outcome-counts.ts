import type { OutcomeCount } from "#stats/outcome-store.ts"

const HOUR_MS = 3_600_000
/** Distinct counters kept while PostgreSQL is away; only real keys make any, so this is ample. */
const MAX_COUNTERS = 20_000

export type OutcomeCounts = {
  add(outcome: OutcomeCount): void
  /** Hands everything counted so far to `record`; what it fails to store is counted again. */
  flush(record: (counts: OutcomeCount[]) => Promise<void>): Promise<void>
}

/**
 * Outcomes of what was refused. Nothing of it was promised to anybody, so it is counted in memory and written in bulk: a
 * flood of refusals must not become a flood of statements.
 */
export function createOutcomeCounts(): OutcomeCounts {
  let rows = new Map<string, OutcomeCount>()

  function add(outcome: OutcomeCount) {
    const { projectId, keyId, category, reason } = outcome
    const receivedAt = outcome.receivedAt - (outcome.receivedAt % HOUR_MS)
    const key = [projectId, keyId, receivedAt, category, outcome.outcome, reason].join(":")
    const same = rows.get(key)
    if (same) same.quantity += outcome.quantity
    else if (rows.size < MAX_COUNTERS) rows.set(key, { ...outcome, receivedAt })
  }

  return {
    add,
    async flush(record) {
      if (rows.size === 0) return
      const taken = [...rows.values()]
      rows = new Map()
      try {
        await record(taken)
      } catch (error) {
        for (const outcome of taken) add(outcome)
        throw new Error("flush outcomes of refusals", { cause: error })
      }
    },
  }
}
