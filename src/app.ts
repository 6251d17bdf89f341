import type { Redis } from "ioredis"
import type { Config } from "#config.ts"
import type { jobs } from "#jobs.ts"
import type { BlobStore } from "#platform/blobs/blobs.ts"
import type { Clock } from "#platform/clock.ts"
import type { Sql } from "#platform/db.ts"
import type { Log } from "#platform/log.ts"
import type { Quota } from "#platform/quota/quota.ts"
import type { Series } from "#platform/series/series.ts"
import type { Tasks } from "#platform/tasks.ts"

/** What a process is made of; built once at its start and handed down. Nothing else is shared state. */
export type App = {
  config: Config
  /** appliance: spool and memory; fleet: external PostgreSQL and Redis. */
  shape: "appliance" | "fleet"
  sql: Sql
  /** null in the appliance. */
  redis: Redis | null
  tasks: Tasks<typeof jobs>
  blobs: BlobStore
  quota: Quota
  series: Series
  log: Log
  clock: Clock
  version: string
}
