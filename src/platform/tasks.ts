import { Socket } from "node:net"
import { PgBoss } from "pg-boss"
import type { z } from "zod"
import type { Db, Tx } from "./db.ts"
import { messageOf } from "./errors.ts"
import type { Log } from "./log.ts"
import type { Service } from "./service.ts"
import { watchSocket } from "./sockets.ts"

const SCHEMA = "pgboss"
/** Polling and settling need two connections; inserts travel on the caller's transaction. */
const POOL_SIZE = 2
const POLL_SECONDS = 1
const DAY_SECONDS = 86_400

/** How a task's failures are met. A task that used up its retries stays visible as failed. */
export type TaskPolicy = {
  retries: number
  /** Seconds before the first retry; doubles with each one. */
  retryDelaySeconds: number
  retryDelayMaxSeconds: number
  /** Seconds after which a running task counts as lost and is given to another worker. */
  expireSeconds: number
}

/** The task queue could not be asked: its tables or its own connections are away. Says nothing about the tasks. */
export class TaskQueueAway extends Error {}

type Schemas = Record<string, z.ZodType>
type DataOf<S extends Schemas, Name extends keyof S> = z.infer<S[Name]>

type FailedTask = {
  id: string
  name: string
  failedAt: Date
  retries: number
  error: string
}

export interface Tasks<S extends Schemas = Schemas> extends Service {
  /** Writes tasks in the caller's transaction; they run after its commit, at least once each. */
  insert<Name extends keyof S & string>(
    tx: Tx,
    name: Name,
    rows: DataOf<S, Name>[],
    options?: { startAfter?: Date },
  ): Promise<void>
  /** Runs `handle` for each task of this name, up to `concurrency` at a time; a rejection is retried later. */
  work<Name extends keyof S & string>(
    name: Name,
    handle: (data: DataOf<S, Name>, signal: AbortSignal) => Promise<void>,
    options?: { concurrency?: number },
  ): Promise<void>
  /** Tasks of lost workers go back, old ones are removed; for cron. */
  maintain(): Promise<void>
  /** Those that used up their retries, latest first. */
  listFailed(db: Db, limit: number): Promise<FailedTask[]>
}

export type TasksOptions<S extends Schemas> = { url: string; schemas: S; log: Log }

/** Connects with the first use, so that a process can start before PostgreSQL does. */
export function createTasks<S extends Schemas>({ url, schemas, log }: TasksOptions<S>): Tasks<S> {
  const boss = bossAt(url, { migrate: false })
  boss.on("error", (error) => log.warn({ error: messageOf(error) }, "task queue error"))
  boss.on("warning", (warning) => log.warn({ warning: warning.message }, "task queue warning"))
  let starting: Promise<unknown> | null = null
  const started = () => {
    starting ??= boss.start().catch((error) => {
      starting = null
      throw error
    })
    return starting
  }

  return {
    async insert(tx, name, rows, options = {}) {
      if (rows.length === 0) return
      const jobs = rows.map((data) => ({ data: data as object, ...options }))
      try {
        await started()
        await boss.insert(name, jobs, { db: transactionOf(tx) })
      } catch (error) {
        throw isOfDatabase(error) ? error : new TaskQueueAway(messageOf(error), { cause: error })
      }
    },

    async work(name, handle, { concurrency = 10 } = {}) {
      await started()
      const schema = schemas[name]
      if (!schema) throw new Error(`no such task: ${name}`)
      await boss.work(
        name,
        { batchSize: concurrency, pollingIntervalSeconds: POLL_SECONDS, perJobResults: true },
        (jobs) => Promise.all(jobs.map(settle)),
      )

      async function settle(job: { id: string; data: unknown; signal: AbortSignal }) {
        const parsed = schema?.safeParse(job.data)
        if (!parsed?.success) {
          // Written by another version of the program: trying again cannot help.
          log.error({ task: name, taskId: job.id }, "task has a payload of the wrong shape")
          return { id: job.id, status: "deadletter" as const, output: parsed?.error.message }
        }
        try {
          await handle(parsed.data as DataOf<S, typeof name>, job.signal)
          return { id: job.id, status: "completed" as const }
        } catch (error) {
          log.warn({ task: name, taskId: job.id, err: error }, "task failed")
          return { id: job.id, status: "failed" as const, output: { message: messageOf(error) } }
        }
      }
    },

    async maintain() {
      await started()
      await boss.supervise()
    },

    async listFailed(db, limit) {
      return await db<FailedTask[]>`
        select id::text, name, completed_on as failed_at, retry_count as retries,
          coalesce(output->>'message', output::text, '') as error
        from pgboss.job where state = 'failed'
        order by completed_on desc limit ${limit}`
    },

    async stop({ withinMs }) {
      if (!starting) return
      await starting.catch(() => {})
      await boss
        .stop({ graceful: true, timeout: withinMs })
        .catch((error) => log.warn({ error: messageOf(error) }, "task queue did not stop cleanly"))
    },
  }
}

/** Creates or upgrades the task tables and one queue for each policy; part of `upgrade`, safe to repeat. */
export async function upgradeTaskSchema(
  url: string,
  policies: Record<string, TaskPolicy>,
): Promise<void> {
  const boss = bossAt(url, { migrate: true })
  boss.on("error", () => {})
  await boss.start()
  try {
    const existing = new Set((await boss.getQueues()).map((queue) => queue.name))
    for (const [name, policy] of Object.entries(policies)) {
      const options = {
        retryLimit: policy.retries,
        retryDelay: policy.retryDelaySeconds,
        retryDelayMax: policy.retryDelayMaxSeconds,
        retryBackoff: true,
        expireInSeconds: policy.expireSeconds,
        retentionSeconds: 14 * DAY_SECONDS,
        deleteAfterSeconds: 7 * DAY_SECONDS,
      }
      if (existing.has(name)) await boss.updateQueue(name, options)
      else await boss.createQueue(name, options)
    }
  } finally {
    await boss.stop({ graceful: false })
  }
}

/** What pg-boss hands on to its driver without naming it. */
const WATCHED_SOCKETS: object = { stream: () => watchSocket(new Socket()) }

function bossAt(url: string, { migrate }: { migrate: boolean }): PgBoss {
  return new PgBoss({
    connectionString: url,
    schema: SCHEMA,
    max: POOL_SIZE,
    application_name: "sentry-lite tasks",
    ...WATCHED_SOCKETS,
    migrate,
    createSchema: migrate,
    // Our cron has one leader; it calls maintain() and keeps the schedule.
    supervise: false,
    schedule: false,
  })
}

/** Whether it says by its code what is wrong; pg-boss and its driver often have words only. */
function isOfDatabase(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false
  return typeof error.code === "string" && error.code !== "ERR_ASSERTION"
}

/** What pg-boss calls a database, over an open transaction of ours. */
function transactionOf(tx: Tx) {
  return {
    async executeSql(text: string, values: unknown[] = []) {
      const rows = await tx.unsafe(text, values as never[], { prepare: true })
      return { rows: [...rows] }
    },
  }
}
