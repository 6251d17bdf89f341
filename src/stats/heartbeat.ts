import { hostname } from "node:os"
import type { App } from "#app.ts"
import { messageOf } from "#platform/errors.ts"
import { deleteProcess, type ProcessBeat, recordHeartbeat } from "./process-store.ts"

const BEAT_MS = 10_000

export type Heartbeat = {
  /** Unique to this run of the process. */
  id: string
  stop(): Promise<void>
}

/** Tells the database every 10 s that this process lives; a database that is away is no reason to stop. */
export function startHeartbeat(
  app: Pick<App, "sql" | "log" | "clock" | "version">,
  role: ProcessBeat["role"],
): Heartbeat {
  const id = `${role}-${hostname()}-${process.pid}-${crypto.randomUUID().slice(0, 8)}`
  const beat: ProcessBeat = {
    id,
    role,
    host: hostname(),
    pid: process.pid,
    version: app.version,
    startedAt: app.clock.now(),
  }
  const record = () =>
    recordHeartbeat(app.sql, beat).catch((error) =>
      app.log.debug({ error: messageOf(error) }, "heartbeat failed"),
    )
  let beating: Promise<unknown> = record()
  const timer = setInterval(() => {
    beating = record()
  }, BEAT_MS)
  return {
    id,
    async stop() {
      clearInterval(timer)
      await beating
      await deleteProcess(app.sql, id).catch(() => {})
    },
  }
}
