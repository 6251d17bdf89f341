import type { Db } from "#platform/db.ts"

/** Held by the one cron process that works. */
const LEADER_LOCK = 7_300_010

/** Must be asked on a connection of one's own: the lock belongs to it. */
export async function tryLeaderLock(db: Db): Promise<boolean> {
  const [row] = await db<{ isLocked: boolean }[]>`
    select pg_try_advisory_lock(${LEADER_LOCK}) as is_locked`
  return row?.isLocked ?? false
}

/** Whether this very connection holds the lock: after a silent reconnection it does not. */
export async function findLeaderLock(db: Db): Promise<boolean> {
  const rows = await db`
    select from pg_locks
    where locktype = 'advisory' and pid = pg_backend_pid() and objid = ${LEADER_LOCK} and granted`
  return rows.length > 0
}

export async function unlockLeader(db: Db): Promise<void> {
  await db`select pg_advisory_unlock(${LEADER_LOCK})`
}
