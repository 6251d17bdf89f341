import { AppError } from "#platform/errors.ts"
import type { Log } from "#platform/log.ts"
import { READY, type Reload } from "./child.ts"

const FIRST_PAUSE_MS = 200
const LONGEST_PAUSE_MS = 10_000
/** Who lived this long starts again without a pause. */
const HEALTHY_MS = 30_000
/** A process that never came up is given up after this many attempts. */
const ATTEMPTS = 3

export type KeptProcess = {
  name: string
  /** Resolves when it is at work for the first time; rejects when it does not come up. */
  ready: Promise<void>
  /** SIGTERM, and SIGKILL when that does not end it in time. Never throws. */
  stop(withinMs: number): Promise<void>
  kill(): void
  /** It is told of its new environment, and started with it from now on. */
  reload(environment: Reload["reload"]): void
}

export type ProcessOptions = {
  name: string
  command: string[]
  folder: string
  environment: Record<string, string | undefined>
  log: Log
}

/** Starts a process and starts it again whenever it ends by itself, with growing pauses. */
export function keepProcess(options: ProcessOptions): KeptProcess {
  const { name, log } = options
  const ready = Promise.withResolvers<void>()
  ready.promise.catch(() => {}) // who does not wait for it need not hear of it
  const stopping = new AbortController()
  let current: Bun.Subprocess | null = null
  let { environment } = options

  const spawn = () =>
    Bun.spawn(options.command, {
      argv0: "sentry-lite",
      cwd: options.folder,
      env: environment,
      stdio: ["ignore", "inherit", "inherit"],
      // Ctrl-C in a terminal reaches the supervisor alone, who stops all in order.
      detached: true,
      ipc: (message) => {
        if (message === READY) ready.resolve()
      },
    })

  const keep = async () => {
    let pauseMs = FIRST_PAUSE_MS
    for (let attempt = 1; !stopping.signal.aborted; attempt++) {
      const startedAt = Date.now()
      current = spawn()
      await current.exited
      if (stopping.signal.aborted) break
      const livedMs = Date.now() - startedAt
      if (livedMs > HEALTHY_MS) pauseMs = FIRST_PAUSE_MS
      log.warn(
        { name, code: current.exitCode, signal: current.signalCode, livedMs },
        "ended by itself, starting it again",
      )
      if (attempt === ATTEMPTS) {
        ready.reject(new AppError("unavailable", `${name} does not start; the lines above say why`))
      }
      await pause(pauseMs, stopping.signal)
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
    }
  }
  const kept = keep()

  return {
    name,
    ready: ready.promise,
    stop: async (withinMs) => {
      stopping.abort()
      current?.kill("SIGTERM")
      const timer = setTimeout(() => {
        log.warn({ name, withinMs }, "does not stop, killing it")
        current?.kill("SIGKILL")
      }, withinMs)
      await kept
      clearTimeout(timer)
    },
    kill: () => {
      stopping.abort()
      current?.kill("SIGKILL")
    },
    reload: (fresh) => {
      environment = fresh
      if (current?.exitCode === null) current.send({ reload: fresh } satisfies Reload)
    },
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  signal.addEventListener("abort", () => {
    clearTimeout(timer)
    resolve()
  })
  return promise
}
