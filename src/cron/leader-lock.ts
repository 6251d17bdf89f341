import { setTimeout as delay } from "node:timers/promises"
import type { Db, Sql } from "#platform/db.ts"
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
    try {
      await leadWhileLocked(connection, stopping, lead)
    } finally {
      // The connection goes back to the pool: a lock left on it would keep everybody from leading.
      await unlockLeader(connection).catch(() => {})
    }
  } finally {
    connection.release()
  }
}

/** Ends with the lock, with `stopping`, and with a failure of the work itself. */
async function leadWhileLocked(
  connection: Db,
  stopping: AbortSignal,
  lead: (leading: AbortSignal) => Promise<void>,
): Promise<void> {
  const over = new AbortController()
  const leading = AbortSignal.any([stopping, over.signal])
  const work = lead(leading).finally(() => over.abort())
  // Awaited below; until then a failure must not count as one that nobody handles.
  work.catch(() => {})
  try {
    while (!leading.aborted) {
      if (!(await watchLeaderLock(connection))) throw new Error("the lock is gone")
    }
  } finally {
    over.abort()
    await work
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  await delay(LOOK_MS, undefined, { signal }).catch(() => {})
}
