import { setTimeout as delay } from "node:timers/promises"

/** Answers of a source that may be away. */
export type Loaded<Value> = Value | "away"

export type BatchLoader<Value> = {
  load(key: string): Promise<Loaded<Value>>
  /** Whether the last request to the source failed. */
  isAway(): boolean
}

const MAX_BATCH = 500
/** After a failure nobody waits for the source again until this has passed. */
const PAUSE_AFTER_FAILURE_MS = 1000

type Waiting<Value> = { promise: Promise<Loaded<Value>>; settle(value: Loaded<Value>): void }

/**
 * Loads by key with one request to the source at a time; keys that are asked for meanwhile wait together for the next
 * one. So a flood of unknown keys costs the database a handful of statements a second, not one for each.
 * `loadAll` answers for every key it is given; when it fails or takes longer than `timeoutMs`, all get "away".
 */
export function createBatchLoader<Value>(options: {
  loadAll(keys: string[]): Promise<Map<string, Value>>
  empty: Value
  timeoutMs: number
  onFailure(error: unknown): void
}): BatchLoader<Value> {
  /** What was asked for and is not answered yet; `queue` holds those of them that no request carries so far. */
  const asked = new Map<string, Waiting<Value>>()
  let queue: string[] = []
  let isRunning = false
  let isAway = false
  let pausedUntil = 0

  async function run() {
    isRunning = true
    // The keys of one tick of the event loop share the first request already.
    await Promise.resolve()
    while (queue.length > 0) {
      const batch = queue.slice(0, MAX_BATCH)
      queue = queue.slice(MAX_BATCH)
      const found = await attempt(batch)
      for (const key of batch) {
        const value = found === "away" ? "away" : (found.get(key) ?? options.empty)
        asked.get(key)?.settle(value)
        asked.delete(key)
      }
    }
    isRunning = false
  }

  async function attempt(keys: string[]): Promise<Loaded<Map<string, Value>>> {
    if (performance.now() < pausedUntil) return "away"
    const timer = new AbortController()
    try {
      const found = await Promise.race([
        options.loadAll(keys),
        delay(options.timeoutMs, undefined, { signal: timer.signal }).then(() => {
          throw new Error("no answer in time")
        }),
      ])
      isAway = false
      return found
    } catch (error) {
      isAway = true
      pausedUntil = performance.now() + PAUSE_AFTER_FAILURE_MS
      options.onFailure(error)
      return "away"
    } finally {
      timer.abort()
    }
  }

  return {
    load(key) {
      const already = asked.get(key)
      if (already) return already.promise
      const { promise, resolve } = Promise.withResolvers<Loaded<Value>>()
      asked.set(key, { promise, settle: resolve })
      queue.push(key)
      if (!isRunning) void run()
      return promise
    },
    isAway: () => isAway,
  }
}
