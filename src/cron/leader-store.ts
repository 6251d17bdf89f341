import type { Db } from "#platform/db.ts"

/** Held by the one cron process that works. */
const LEADER_LOCK = 7_300_010

/** Must be asked on a connection of one's own: the lock belongs to it. */
export async function tryLeaderLock(db: Db): Promise<boolean> {
  const [row] = await db<{ isLocked: boolean }[]>`
    select pg_try_advisory_lock(${LEADER_LOCK}) as is_locked`
  return row?.isLocked ?? false
}

/**
 * Waits a second on the server and tells whether this connection still holds the lock. Rejects at once when the
 * connection is lost meanwhile.
 */
export async function watchLeaderLock(db: Db): Promise<boolean> {
  const rows = await db`
    select pg_sleep(1) from pg_locks
    where locktype = 'advisory' and pid = pg_backend_pid() and objid = ${LEADER_LOCK} and granted`
  return rows.length > 0
}

export async function unlockLeader(db: Db): Promise<void> {
  await db`select pg_advisory_unlock(${LEADER_LOCK})`
}
