import type { Db } from "#platform/db.ts"

export async function insertPasswordReset(
  db: Db,
  reset: { tokenHash: Uint8Array; userId: string; createdAt: Date; expiresAt: Date },
): Promise<void> {
  await db`
    insert into password_resets (token_hash, user_id, created_at, expires_at)
    values (${reset.tokenHash}, ${reset.userId}, ${reset.createdAt}, ${reset.expiresAt})`
}

export async function countPasswordResets(db: Db, userId: string, since: Date): Promise<number> {
  const [row] = await db<{ count: number }[]>`
    select count(*)::int as count
    from password_resets where user_id = ${userId} and created_at > ${since}`
  return row?.count ?? 0
}

export async function findPasswordReset(
  db: Db,
  reset: { tokenHash: Uint8Array; userId: string },
  now: Date,
): Promise<{ userId: string; email: string; name: string } | null> {
  const [row] = await db<{ userId: string; email: string; name: string }[]>`
    select u.id as user_id, u.email, u.name
    from password_resets r
    join users u on u.id = r.user_id
    where r.token_hash = ${reset.tokenHash}
      and r.user_id = ${reset.userId}
      and r.expires_at > ${now}
      and u.is_active`
  return row ?? null
}

/** Takes the link out of use, and with it every other of the user; false when somebody else was faster. */
export async function deletePasswordResets(
  db: Db,
  userId: string,
  tokenHash: Uint8Array,
): Promise<boolean> {
  const { count } = await db`
    delete from password_resets
    where user_id = ${userId}
      and exists (
        select 1 from password_resets
        where token_hash = ${tokenHash} and user_id = ${userId}
        for update
      )`
  return count > 0
}

/** For cron. */
export async function deleteOldPasswordResets(db: Db, now: Date): Promise<number> {
  const { count } = await db`delete from password_resets where expires_at < ${now}`
  return count
}
