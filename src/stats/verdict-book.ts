import { BoundedMap } from "#platform/bounded-map.ts"

/** What became of one item that was not stored. */
export type ItemVerdict = {
  projectId: string
  /** "0" when no key is known. */
  keyId: string
  /** Milliseconds since 1970. */
  receivedAt: number
  /** null: it had none that could be read. */
  eventId: string | null
  category: string
  outcome: string
  reason: string
  /** In words, when there is more to say. */
  cause: string
  /** Name and version of the client, as it says. */
  client: string
}

export type VerdictBook = {
  /** `describe` is asked only when the verdict is kept. */
  note(
    end: { projectId: string; outcome: string; reason: string },
    now: Date,
    describe: () => Omit<ItemVerdict, "projectId" | "outcome" | "reason">,
  ): void
  /** Hands what was noted to `record`; what it fails to store waits for the next time. */
  flush(record: (verdicts: readonly ItemVerdict[]) => Promise<void>): Promise<void>
}

type Budget = { burst: number; perSecond: number }
/** An ordinary incident is kept whole; of a flood a verdict a second is as good as all. */
const BUDGET: Budget = { burst: 50, perSecond: 1 }
/** Some clients send with everything what nothing here reads. */
const UNSUPPORTED_BUDGET: Budget = { burst: 10, perSecond: 1 / 60 }
const MAX_WAITING = 1000
const MAX_BUCKETS = 10_000

type Bucket = { tokens: number; filledAt: number }

/**
 * Samples verdicts in memory, by project and reason, so that a flood of refusals writes next to nothing. Exact numbers stand in the
 * outcomes; this is for finding out what became of one event.
 */
export function createVerdictBook(): VerdictBook {
  const buckets = new BoundedMap<string, Bucket>(MAX_BUCKETS)
  let waiting: ItemVerdict[] = []

  const isKept = (key: string, { burst, perSecond }: Budget, now: number) => {
    const bucket = buckets.get(key) ?? { tokens: burst, filledAt: now }
    const seconds = Math.max(0, now - bucket.filledAt) / 1000
    const tokens = Math.min(burst, bucket.tokens + seconds * perSecond)
    const isRoom = tokens >= 1
    buckets.set(key, { tokens: isRoom ? tokens - 1 : tokens, filledAt: now })
    return isRoom
  }
  return {
    note({ projectId, outcome, reason }, now, describe) {
      if (waiting.length >= MAX_WAITING) return
      const budget = outcome === "unsupported" ? UNSUPPORTED_BUDGET : BUDGET
      if (!isKept(`${projectId}:${outcome}:${reason}`, budget, now.getTime())) return
      waiting.push({ ...describe(), projectId, outcome, reason })
    },
    async flush(record) {
      if (waiting.length === 0) return
      const taken = waiting
      waiting = []
      try {
        await record(taken)
      } catch (error) {
        waiting = [...taken, ...waiting].slice(0, MAX_WAITING)
        throw new Error("flush verdicts", { cause: error })
      }
    },
  }
}
