import type { Db } from "#platform/db.ts"
import { userOf } from "./store.ts"
import type { User } from "./user.ts"

export type StoredSession = {
  tokenHash: Uint8Array
  createdAt: Date
  lastUsedAt: Date
  expiresAt: Date
  ip: string | null
  userAgent: string | null
}

export type NewSession = {
  tokenHash: Uint8Array
  userId: string
  createdAt: Date
  expiresAt: Date
  ip: string
  userAgent: string
}

export async function insertSession(db: Db, session: NewSession): Promise<void> {
  await db`
    insert into sessions (token_hash, user_id, created_at, last_used_at, expires_at, ip, user_agent)
    values (
      ${session.tokenHash}, ${session.userId}, ${session.createdAt}, ${session.createdAt},
      ${session.expiresAt}, ${session.ip}, ${session.userAgent}
    )`
}

/** The session and its user, unless it has ended: too old, unused since `idleSince`, or the user is switched off. */
export async function findSession(
  db: Db,
  tokenHash: Uint8Array,
  now: Date,
  idleSince: Date,
): Promise<{ user: User; lastUsedAt: Date; expiresAt: Date } | null> {
  const [row] = await db<(User & { lastUsedAt: Date; expiresAt: Date })[]>`
    select
      u.id, u.email, u.name, u.is_superuser, u.is_active, u.preferences, u.created_at,
      u.last_login_at, u.last_active_at, s.last_used_at, s.expires_at
    from sessions s
    join users u on u.id = s.user_id
    where s.token_hash = ${tokenHash}
      and s.expires_at > ${now}
      and s.last_used_at > ${idleSince}
      and u.is_active`
  if (!row) return null
  const { lastUsedAt, expiresAt, ...user } = row
  return { user: userOf(user), lastUsedAt, expiresAt }
}

/** Also moves the user's last activity: both are what "last seen" on pages means. */
export async function updateSessionUse(db: Db, tokenHash: Uint8Array, at: Date): Promise<void> {
  await db`
    with used as (
      update sessions set last_used_at = ${at} where token_hash = ${tokenHash} returning user_id
    )
    update users set last_active_at = ${at} from used where users.id = used.user_id`
}

export function listSessions(db: Db, userId: string, now: Date): Promise<StoredSession[]> {
  return db<StoredSession[]>`
    select token_hash, created_at, last_used_at, expires_at, ip, user_agent
    from sessions
    where user_id = ${userId} and expires_at > ${now}
    order by last_used_at desc
    limit 100`
}

/** `userId` narrows it to sessions of that user: ids come from forms. */
export async function deleteSession(db: Db, userId: string, tokenHash: Uint8Array): Promise<void> {
  await db`delete from sessions where token_hash = ${tokenHash} and user_id = ${userId}`
}

export async function deleteSessions(
  db: Db,
  userId: string,
  except: Uint8Array | null,
): Promise<void> {
  await db`
    delete from sessions
    where user_id = ${userId} and (${except}::bytea is null or token_hash <> ${except}::bytea)`
}

/** For cron: rows that can no longer be used. */
export async function deleteEndedSessions(db: Db, now: Date, idleSince: Date): Promise<number> {
  const { count } = await db`
    delete from sessions where expires_at <= ${now} or last_used_at <= ${idleSince}`
  return count
}
