import type { DroppedItem } from "#messages.ts"
import type { OutcomeCount } from "#stats/outcome-store.ts"
import type { Refusal, RefusalReason } from "./refusal.ts"

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

/** Sentry's words for what is refused before its items are known. */
const outcomeReasons: Partial<Record<RefusalReason, string>> = {
  empty_body: "no_data",
  broken_body: "invalid_compression",
  unsupported_encoding: "invalid_compression",
  header_mismatch: "multi_project_id",
}

/** One outcome for each item that is lost with a refusal; one error event when nobody knows what it held. */
export function countRefusal(
  counts: OutcomeCounts,
  key: { projectId: string; keyId: string },
  refusal: Refusal,
  dropped: readonly DroppedItem[],
  now: Date,
): void {
  const { projectId, keyId } = key
  const reason = outcomeReasons[refusal.reason] ?? refusal.reason
  const whole = { category: "error", outcome: "invalid", reason, quantity: 1 }
  for (const item of dropped.length > 0 ? dropped : [whole]) {
    counts.add({ projectId, keyId, receivedAt: now.getTime(), ...item })
  }
}
