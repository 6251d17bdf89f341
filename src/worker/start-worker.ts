import { setTimeout as delay } from "node:timers/promises"
import { type App, connectLine } from "#app.ts"
import type { JobName } from "#jobs.ts"
import { createIngestQueue } from "#pipeline/ingest-queue.ts"
import { createLine } from "#pipeline/line.ts"
import { messageOf } from "#platform/errors.ts"
import type { Service } from "#platform/service.ts"
import { startHeartbeat } from "#stats/heartbeat.ts"
import { createSymbolication } from "#symbolication/symbolication.ts"
import { drainQueue } from "./drain-queue.ts"
import { CONCURRENCY, handlers, type WorkerApp } from "./handlers.ts"
import { writeVerdicts } from "./write-verdicts.ts"

const RETRY_MS = 2_000

/** Starts processing events and tasks. PostgreSQL may come later: both wait for it. */
export async function startWorker(app: App): Promise<Service> {
  const stopping = new AbortController()
  const givingUp = new AbortController()
  const heartbeat = startHeartbeat(app, "worker")
  const queue = createIngestQueue(app, heartbeat.id)
  const sql = connectLine(app.config)
  const symbolication = createSymbolication(app)
  const line = createLine({ ...app, sql }, symbolication)
  const writing = writeVerdicts(app, line.verdicts)
  const draining = drainQueue({
    line,
    queue,
    batchSize: app.config["worker.batch-size"],
    stopping: stopping.signal,
    givingUp: givingUp.signal,
  })
  const working = workOnTasks({ ...app, symbolication }, stopping.signal)
  app.log.info({ batchSize: app.config["worker.batch-size"] }, "worker started")

  return {
    async stop({ withinMs }) {
      stopping.abort()
      const timer = setTimeout(() => givingUp.abort(), withinMs)
      await draining
      clearTimeout(timer)
      await Promise.all([working, queue.stop(), heartbeat.stop(), writing.stop({ withinMs })])
      await symbolication.stop()
      await sql.end({ timeout: withinMs / 1000 })
      app.log.info("worker stopped")
    },
  }
}

async function workOnTasks(app: WorkerApp, stopping: AbortSignal): Promise<void> {
  const names = Object.keys(handlers) as JobName[]
  while (names.length > 0 && !stopping.aborted) {
    const [name] = names
    try {
      if (name) await workOn(app, name)
      names.shift()
    } catch (error) {
      app.log.warn({ error: messageOf(error) }, "tasks cannot start yet")
      await delay(RETRY_MS, undefined, { signal: stopping }).catch(() => {})
    }
  }
}

function workOn<Name extends JobName>(app: WorkerApp, name: Name): Promise<void> {
  const concurrency = CONCURRENCY[name]
  return app.tasks.work(
    name,
    (data, signal) => handlers[name](app, data, signal),
    concurrency === undefined ? {} : { concurrency },
  )
}
