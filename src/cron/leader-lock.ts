import { setTimeout as delay } from "node:timers/promises"
import type { Sql } from "#platform/db.ts"
import { messageOf } from "#platform/errors.ts"
import type { Log } from "#platform/log.ts"
import { tryLeaderLock, unlockLeader, watchLeaderLock } from "./leader-store.ts"

/** How often a process that stands by tries to become the leader. */
const LOOK_MS = 2_000

/**
 * Does `lead` while this process holds the leader's lock, again and again until `stopping`. The lock lives and dies with one
 * connection to PostgreSQL; when that is lost, the signal given to `lead` aborts at once.
 */
export async function leadInTurn(
  { sql, log }: { sql: Sql; log: Log },
  stopping: AbortSignal,
  lead: (leading: AbortSignal) => Promise<void>,
): Promise<void> {
  while (!stopping.aborted) {
    try {
      await leadOnce({ sql, log }, stopping, lead)
    } catch (error) {
      log.warn({ error: messageOf(error) }, "leadership lost")
    }
    await pause(stopping)
  }
}

async function leadOnce(
  { sql, log }: { sql: Sql; log: Log },
  stopping: AbortSignal,
  lead: (leading: AbortSignal) => Promise<void>,
): Promise<void> {
  const connection = await sql.reserve()
  try {
    if (!(await tryLeaderLock(connection))) return
    log.info("leading")
    const lost = new AbortController()
    const leading = AbortSignal.any([stopping, lost.signal])
    const work = lead(leading)
    try {
      while (!leading.aborted) {
        if (!(await watchLeaderLock(connection))) throw new Error("the lock is gone")
      }
    } finally {
      lost.abort()
      await work
    }
    await unlockLeader(connection)
  } finally {
    connection.release()
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  await delay(LOOK_MS, undefined, { signal }).catch(() => {})
}
