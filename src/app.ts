import { join } from "node:path"
import type { Config } from "#config.ts"
import { jobs } from "#jobs.ts"
import type { BlobStore } from "#platform/blobs/blobs.ts"
import { type BlobPlace, openBlobs } from "#platform/blobs/open-blobs.ts"
import { type Clock, systemClock } from "#platform/clock.ts"
import { connect, type Sql } from "#platform/db.ts"
import type { Log } from "#platform/log.ts"
import { createMemoryQuota } from "#platform/quota/memory-quota.ts"
import type { Quota } from "#platform/quota/quota.ts"
import { createRedisQuota } from "#platform/quota/redis-quota.ts"
import { rememberRefusals } from "#platform/quota/remember-refusals.ts"
import { connectRedis, type RedisClient } from "#platform/redis.ts"
import { createRedisSeries } from "#platform/series/redis-series.ts"
import type { Series } from "#platform/series/series.ts"
import { createTableSeries } from "#platform/series/table-series.ts"
import { createTasks, type Tasks } from "#platform/tasks.ts"
import { VERSION } from "#platform/version.ts"
import { keys } from "#redis-keys.ts"

/** What a process is made of; built once at its start and handed down. Nothing else is shared state. */
export type App = {
  config: Config
  /** appliance: spool and memory; fleet: Redis. */
  shape: "appliance" | "fleet"
  sql: Sql
  /** The queue's Redis; null in the appliance. */
  redis: RedisClient | null
  tasks: Tasks<typeof jobs>
  blobs: BlobStore
  quota: Quota
  series: Series
  log: Log
  clock: Clock
  version: string
  /** Takes over at once what was just set on a page, for those who must not act on what was true seconds ago. */
  rereadOptions(): Promise<void>
}

/** What a process is for; decides how patient its statements are. */
export type Role = "web" | "worker" | "cron" | "command"

/** Milliseconds a worker's statement may take: a batch that takes longer is stuck. */
const WORKER_STATEMENT_TIMEOUT_MS = 60_000
/** Milliseconds that closing waits for what is under way. */
const CLOSE_TIMEOUT_MS = 5_000

/** Builds the app; connects to PostgreSQL with the first query, so that web can start before it. `close` lets everything go. */
export async function createApp(options: {
  config: Config
  role: Role
  log: Log
  /** Lays the database's options under `config`, in place. */
  readOptions?: (sql: Sql) => Promise<unknown>
}): Promise<App & { close(): Promise<void> }> {
  const { config, role, log } = options
  const sql = connect(config["database.url"], {
    max: config["database.pool-size"],
    applicationName: `sentry-lite ${role}`,
    ...timeoutsOf(config, role),
  })
  const tasks = createTasks({ url: config["database.url"], schemas: jobs, log })
  const clients = await connectRoles(config, log)
  return {
    config,
    shape: clients ? "fleet" : "appliance",
    sql,
    redis: clients?.queue ?? null,
    tasks,
    blobs: openBlobs(blobPlace(config)),
    quota: clients
      ? rememberRefusals(createRedisQuota({ redis: clients.quota, key: keys.quota, log }))
      : createMemoryQuota(),
    series: clients
      ? createRedisSeries({ redis: clients.series, keys, log })
      : createTableSeries({ sql, log }),
    log,
    clock: systemClock,
    version: VERSION,
    async rereadOptions() {
      await options.readOptions?.(sql)
    },
    async close() {
      await tasks.stop({ withinMs: CLOSE_TIMEOUT_MS })
      await sql.end({ timeout: CLOSE_TIMEOUT_MS / 1000 })
      for (const client of new Set(Object.values(clients ?? {}))) client.disconnect()
    },
  }
}

/**
 * Connections for a worker's batches alone: one for the transaction, one for what is read meanwhile. A pool hands out its
 * connections in turn, so that each of ten backends would keep the same plans, catalogs and pages, and none of them warm.
 */
export function connectLine(config: Config): Sql {
  return connect(config["database.url"], {
    max: 2,
    applicationName: "sentry-lite worker line",
    ...timeoutsOf(config, "worker"),
  })
}

/** A path in the data folder. */
function dataPath(config: Config, ...names: string[]): string {
  return join(config["system.data-directory"], ...names)
}

/** Where accepted events lie on this host until they are processed (appliance) or safe in the queue (fleet). */
export function spoolDirectory(config: Config): string {
  return config["ingest.spool.dir"] || dataPath(config, "spool")
}

/** The streams of the queue, one per shard, with the markers that tell whether Redis still knows what it was given. */
export function queueStreams(config: Config): { stream: string; marker: string }[] {
  return Array.from({ length: config["ingest.queue.shards"] }, (_, shard) => ({
    stream: keys.ingest(shard),
    marker: keys.ingestMarker(shard),
  }))
}

function timeoutsOf(config: Config, role: Role) {
  if (role === "worker") return { statementTimeoutMs: WORKER_STATEMENT_TIMEOUT_MS }
  if (role !== "web") return {}
  return {
    statementTimeoutMs: config["database.statement-timeout-ms"],
    lockTimeoutMs: config["database.lock-timeout-ms"],
  }
}

/** One connection for each different URL; null without any Redis. */
async function connectRoles(config: Config, log: Log) {
  const main = config["redis.url"]
  const queue = config["redis.queue-url"] || main
  if (queue === "") return null
  const opened = new Map<string, Promise<RedisClient>>()
  const client = (url: string) => {
    const known = opened.get(url) ?? connectRedis(url, log)
    opened.set(url, known)
    return known
  }
  return {
    queue: await client(queue),
    quota: await client(config["redis.quota-url"] || main || queue),
    series: await client(config["redis.tsdb-url"] || main || queue),
  }
}

/** Where attachments, bundles and their like are kept. */
export function blobPlace(config: Config): BlobPlace {
  const given = config["filestore.options"]
  const option = (name: string) => {
    const value = given[name]
    return typeof value === "string" && value !== "" ? value : undefined
  }
  if (config["filestore.backend"] === "filesystem") {
    const minFreeBytes = config["ingest.spool.min-free-bytes"]
    const directory = option("location") ?? dataPath(config, "files")
    return { kind: "folder", directory, minFreeBytes }
  }
  const endpoint = option("endpoint_url")
  const region = option("region_name")
  return {
    kind: "s3",
    ...(endpoint && { endpoint }),
    ...(region && { region }),
    bucket: option("bucket_name") ?? "",
    accessKeyId: option("access_key") ?? "",
    secretAccessKey: option("secret_key") ?? "",
  }
}
