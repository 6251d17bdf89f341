import { type App, queueStreams, spoolDirectory } from "#app.ts"
import type { IngestQueue } from "#platform/queue/queue.ts"
import { createSpoolQueue } from "#platform/queue/spool-queue.ts"
import { createStreamQueue } from "#platform/queue/stream-queue.ts"

/** The line that this installation's shape has: Redis Streams, or the spool itself. `consumer` is unique to a process' run. */
export function createIngestQueue(
  { config, sql, redis, log }: Pick<App, "config" | "sql" | "redis" | "log">,
  consumer: string,
): IngestQueue {
  const [first, ...others] = queueStreams(config).map(({ stream }) => stream)
  const batchWaitMs = config["worker.batch-wait-ms"]
  if (!redis || !first) {
    return createSpoolQueue({ directory: spoolDirectory(config), sql, batchWaitMs, log })
  }
  return createStreamQueue({
    redis,
    streams: [first, ...others],
    consumer,
    claimIdleMs: config["worker.claim-idle-ms"],
    batchWaitMs,
    log,
  })
}
