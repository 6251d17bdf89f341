import { join } from "node:path"
import type { App } from "#app.ts"
import type { IngestQueue } from "#platform/queue/queue.ts"
import { createSpoolQueue } from "#platform/queue/spool-queue.ts"
import { createStreamQueue } from "#platform/queue/stream-queue.ts"
import { keys } from "#redis-keys.ts"

type Parts = Pick<App, "config" | "sql" | "redis" | "log">

/** Where accepted messages wait on this machine. */
export function spoolDirectory(config: App["config"]): string {
  return config["ingest.spool.dir"] || join(config["system.data-directory"], "spool")
}

/** The line that this installation's shape has: Redis Streams, or the spool itself. */
export function createIngestQueue(
  { config, sql, redis, log }: Parts,
  consumer: string,
): IngestQueue {
  if (!redis) return createSpoolQueue({ directory: spoolDirectory(config), sql, log })
  const others = config["ingest.queue.shards"] - 1
  return createStreamQueue({
    redis,
    streams: [keys.ingest(0), ...Array.from({ length: others }, (_, n) => keys.ingest(n + 1))],
    consumer,
    claimIdleMs: config["worker.claim-idle-ms"],
    log,
  })
}
