import { Cron } from "croner"
import type { App } from "#app.ts"
import { createIngestQueue } from "#pipeline/ingest-queue.ts"
import { messageOf } from "#platform/errors.ts"
import type { IngestQueue } from "#platform/queue/queue.ts"
import type { Service } from "#platform/service.ts"
import { startHeartbeat } from "#stats/heartbeat.ts"
import { leadInTurn } from "./leader-lock.ts"
import { type Chore, scheduleOf } from "./schedule.ts"

/** Starts a cron process: one of them leads and does the chores, the others stand by. */
export async function startCron(app: App): Promise<Service> {
  const stopping = new AbortController()
  const heartbeat = startHeartbeat(app, "cron")
  const queue = createIngestQueue(app, heartbeat.id)
  const chores = scheduleOf(app.config)
  const running = leadInTurn(app, stopping.signal, (leading) =>
    doChores(app, queue, chores, leading),
  )
  return {
    async stop({ withinMs }) {
      stopping.abort()
      await Promise.race([running, Bun.sleep(withinMs)])
      await Promise.all([queue.stop(), heartbeat.stop()])
      app.log.info("cron stopped")
    },
  }
}

/** Runs the schedule until `leading` aborts, and then waits for what is under way. */
async function doChores(
  app: App,
  queue: IngestQueue,
  chores: readonly Chore[],
  leading: AbortSignal,
): Promise<void> {
  const underWay = new Map<string, Promise<void>>()
  const start = (chore: Chore) => {
    // A chore that takes longer than its interval skips a turn.
    if (leading.aborted || underWay.has(chore.name)) return
    const run = runChore(app, queue, chore, leading)
    underWay.set(chore.name, run)
    void run.finally(() => underWay.delete(chore.name))
  }
  const timers = chores.flatMap((chore) =>
    chore.when === "" ? [] : [new Cron(chore.when, { timezone: "UTC" }, () => start(chore))],
  )
  for (const chore of chores) if (chore.isDoneAtStart) start(chore)
  await aborted(leading)
  for (const timer of timers) timer.stop()
  await Promise.all(underWay.values())
}

async function runChore(
  app: App,
  queue: IngestQueue,
  chore: Chore,
  leading: AbortSignal,
): Promise<void> {
  const started = performance.now()
  try {
    await chore.run(app, leading, queue)
    const ms = Math.round(performance.now() - started)
    app.log.debug({ chore: chore.name, ms }, "chore done")
  } catch (error) {
    app.log.error({ chore: chore.name, error: messageOf(error), err: error }, "chore failed")
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener("abort", () => resolve(), { once: true })
  })
}
