import type { Log } from "#platform/log.ts"
import { type EmbeddedPostgres, startEmbedded } from "#platform/postgres/server.ts"

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 10_000

export type KeptPostgres = { url: string; stop(): Promise<void>; kill(): void }

/** Starts the PostgreSQL inside this program, and again whenever it ends by itself; its address stays the same. */
export async function keepPostgres(folder: string, log: Log): Promise<KeptPostgres> {
  let current: EmbeddedPostgres = await startEmbedded(folder, log)
  let isStopping = false

  const restart = async (): Promise<EmbeddedPostgres | null> => {
    for (
      let pauseMs = FIRST_PAUSE_MS;
      !isStopping;
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
    ) {
      try {
        return await startEmbedded(folder, log)
      } catch (error) {
        log.error({ err: error }, "PostgreSQL does not start, trying again")
        await Bun.sleep(pauseMs)
      }
    }
    return null
  }
  const keep = async () => {
    for (;;) {
      await current.exited
      if (isStopping) return
      log.error("PostgreSQL ended by itself, starting it again")
      const next = await restart()
      if (next === null) return
      current = next
      // The stop that came meanwhile ended the one before; it ends this one when we are done here.
      if (isStopping) return
    }
  }
  const kept = keep()

  return {
    url: current.url,
    stop: async () => {
      isStopping = true
      await current.stop()
      await kept
      // A restart that was under way when the stop came.
      await current.stop()
    },
    kill: () => {
      isStopping = true
      current.kill()
    },
  }
}
