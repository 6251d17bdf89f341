import { setTimeout as delay } from "node:timers/promises"
import type { Line } from "#pipeline/line.ts"
import { finishBatch, type PreparedBatch, prepareBatch } from "#pipeline/process-batch.ts"
import type { Batch, IngestQueue } from "#platform/queue/queue.ts"

/** Bodies of a batch together; with what is made of them a worker stays below 100 MB. */
const MAX_BATCH_BYTES = 8 * 1024 * 1024
/** How long a take waits before the loop looks around. */
const TAKE_WAIT_MS = 1_000
const PAUSE_AFTER_FAILURE_MS = 1_000

export type DrainOptions = {
  line: Line
  queue: IngestQueue
  batchSize: number
  /** Take no more. */
  stopping: AbortSignal
  /** Do not even wait for PostgreSQL to finish what is in hand: it comes again. */
  givingUp: AbortSignal
}

/**
 * Takes batches until told to stop. While the transaction of one waits for PostgreSQL, the next is worked out; never more
 * than these two are in hand.
 */
export async function drainQueue(options: DrainOptions): Promise<void> {
  const { line, queue, batchSize, stopping, givingUp } = options
  let saving: Promise<void> = Promise.resolve()
  while (!stopping.aborted) {
    try {
      const limits = { max: batchSize, maxBytes: MAX_BATCH_BYTES, waitMs: TAKE_WAIT_MS }
      const batch = await queue.take({ ...limits, signal: stopping })
      if (!batch) continue
      const prepared = await prepareBatch(line, batch, givingUp).catch((error) =>
        letGo(options, batch, error),
      )
      await saving
      if (prepared) saving = finish(options, prepared)
    } catch (error) {
      line.log.error({ err: error }, "taking from the queue failed")
      await delay(PAUSE_AFTER_FAILURE_MS, undefined, { signal: stopping }).catch(() => {})
    }
  }
  await saving
}

async function finish(options: DrainOptions, prepared: PreparedBatch): Promise<void> {
  const { line, givingUp } = options
  const started = performance.now()
  try {
    const result = await finishBatch(line, prepared, givingUp)
    line.log.debug({ ...result, ms: Math.round(performance.now() - started) }, "batch saved")
  } catch (error) {
    await letGo(options, prepared.batch, error)
  }
}

/** What could not be done comes again, here or elsewhere, but not at once. */
async function letGo(
  { line, stopping }: DrainOptions,
  batch: Batch,
  error: unknown,
): Promise<null> {
  line.log.error({ err: error, messages: batch.records.length }, "batch could not be finished")
  await batch.release().catch((failure) => line.log.error({ err: failure }, "release failed"))
  await delay(PAUSE_AFTER_FAILURE_MS, undefined, { signal: stopping }).catch(() => {})
  return null
}
