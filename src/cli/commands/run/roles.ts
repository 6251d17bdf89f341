import { Command } from "commander"
import type { App, Role } from "#app.ts"
import type { OptionKey } from "#config.ts"
import type { Service } from "#platform/service.ts"
import { startTidyingMemory } from "#platform/tidy-memory.ts"
import { type Context, contextOf } from "../../context.ts"
import { CommandFailed, EXIT, endingOf } from "../../exit.ts"
import { serveUntilStopped } from "../../lifecycle.ts"
import { requireSchema, upgradeDatabase, withUpgradeLock } from "../../schema.ts"
import { followStoredOptions, readStoredOptions } from "../../stored-options.ts"
import { say } from "../../terminal.ts"
import { wholeNumber } from "../arguments.ts"
import { withIgnoredOptions } from "../ignored-options.ts"
import { CELERY_OPTIONS, type WebFlags, webValues, withWebOptions } from "./flags.ts"
import { runSeveral } from "./several.ts"

/** How long a process waits before it asks an absent PostgreSQL again. */
const RETRY_MS = 1000

type WebRunFlags = WebFlags & { upgrade?: boolean; withLock?: boolean }

export function webCommand(): Command {
  return withWebOptions(new Command("web"))
    .description("answer SDKs, people and programs; takes events also while PostgreSQL is away")
    .option("--upgrade", "upgrade the database first")
    .option("--with-lock", "with --upgrade: go on when another upgrade is running")
    .action(async (flags: WebRunFlags, command: Command) => {
      const context = contextOf(command, webValues(flags))
      requireFleet(context)
      if (flags.upgrade) await upgradeFirst(context, flags)
      if (isOneOfSeveral() || context.config["web.workers"] === 1) {
        return serve(context, "web")
      }
      return runSeveral(context, "web", context.config["web.workers"])
    })
}

type WorkerFlags = {
  concurrency?: number
  batch?: number
  batchWaitMs?: number
  claimIdleMs?: number
}

export function workerCommand(): Command {
  return withIgnoredOptions(new Command("worker"), CELERY_OPTIONS)
    .description("turn accepted events into issues, and do what follows: mails and the like")
    .option("-c, --concurrency <number>", "worker processes", wholeNumber)
    .option("--batch <messages>", "most messages taken at once", wholeNumber)
    .option("--batch-wait-ms <ms>", "how long a batch may take to fill", wholeNumber)
    .option("--claim-idle-ms <ms>", "when another worker's work is taken over", wholeNumber)
    .action(async (flags: WorkerFlags, command: Command) => {
      const context = contextOf(command, workerValues(flags))
      requireFleet(context)
      if (isOneOfSeveral() || context.config["worker.concurrency"] === 1) {
        return serve(context, "worker")
      }
      return runSeveral(context, "worker", context.config["worker.concurrency"])
    })
}

function workerValues(flags: WorkerFlags): [OptionKey, string, unknown][] {
  return [
    ["worker.concurrency", "--concurrency", flags.concurrency],
    ["worker.batch-size", "--batch", flags.batch],
    ["worker.batch-wait-ms", "--batch-wait-ms", flags.batchWaitMs],
    ["worker.claim-idle-ms", "--claim-idle-ms", flags.claimIdleMs],
  ]
}

export function cronCommand(): Command {
  return withIgnoredOptions(new Command("cron"), CELERY_OPTIONS)
    .description(
      "do what the clock says: fold counters, make and drop days; one leads, others wait",
    )
    .action(async (_flags: object, command: Command) => {
      const context = contextOf(command)
      requireFleet(context)
      await serve(context, "cron")
    })
}

/** A supervisor started this process as one of several, or as the only one it wants here. */
function isOneOfSeveral(): boolean {
  return process.send !== undefined
}

function requireFleet({ config, log }: Context): void {
  if (config["database.url"] === "") {
    throw new CommandFailed(
      EXIT.usage,
      'database.url (DATABASE_URL) is not set; without a PostgreSQL of your own: "sentry-lite run all"',
    )
  }
  if (config["system.secret-key"] === "") {
    throw new CommandFailed(
      EXIT.usage,
      "system.secret-key (SENTRY_SECRET_KEY) is not set; make one with: sentry-lite config generate-secret-key",
    )
  }
  if (!isOneOfSeveral() && !config["redis.url"] && !config["redis.queue-url"]) {
    const folder = config["system.data-directory"]
    log.warn({ folder }, "no Redis (REDIS_URL): events reach only workers on this data folder")
  }
}

async function upgradeFirst(context: Context, flags: WebRunFlags): Promise<void> {
  const url = context.config["database.url"]
  try {
    const timeoutSeconds = flags.withLock ? 0 : 60
    await withUpgradeLock(url, timeoutSeconds, () => upgradeDatabase(context, url))
  } catch (error) {
    if (!flags.withLock || endingOf(error).exitCode !== EXIT.locked) throw error
    say("!! Upgrade currently running from another process, skipping.")
  }
}

type ProcessRole = Exclude<Role, "command">

/** Loaded when asked for: a worker need not hold the pages in memory, nor `health` either of them. */
const starters: Record<ProcessRole, () => Promise<(app: App) => Promise<Service>>> = {
  web: async () => (await import("#web/start-web.ts")).startWeb,
  worker: async () => (await import("#worker/start-worker.ts")).startWorker,
  cron: async () => (await import("#cron/start-cron.ts")).startCron,
}

async function serve(context: Context, role: ProcessRole): Promise<void> {
  const { config, loaded, log } = context
  const { createApp } = await import("#app.ts")
  const app = await createApp({
    config,
    role,
    log,
    readOptions: (sql) => readStoredOptions(loaded, sql),
  })
  const follower = followStoredOptions(loaded, app.sql, log)
  const tidying = startTidyingMemory()
  try {
    await serveUntilStopped(
      async () => {
        await prepare(context, app, role)
        const start = await starters[role]()
        return start(app)
      },
      { ...context, drainMs: config["web.drain-timeout"] * 1000 },
    )
  } finally {
    await tidying.stop({ withinMs: 0 })
    await follower.stop({ withinMs: 0 })
    await app.close()
  }
}

/** The others have nothing to do without PostgreSQL and wait for it; web takes events meanwhile. */
async function prepare({ loaded, log }: Context, app: App, role: ProcessRole): Promise<void> {
  for (;;) {
    try {
      await requireSchema(app.sql)
      await readStoredOptions(loaded, app.sql)
      return
    } catch (error) {
      const { exitCode, message } = endingOf(error)
      if (exitCode !== EXIT.unreachable) throw error
      log.warn({ reason: message }, "PostgreSQL is away")
      if (role === "web") return
      await Bun.sleep(RETRY_MS)
    }
  }
}
