import type { Db } from "#platform/db.ts"
import { AppError } from "#platform/errors.ts"
import { type Preferences, preferencesOf } from "./preferences.ts"
import type { User } from "./user.ts"

/** Unlike every other advisory lock of the program: cron's leader holds one for as long as it lives. */
const FIRST_USER_LOCK = 7_300_020

type UserRow = Omit<User, "preferences"> & { preferences: unknown }

const columns = (db: Db) => db`
  id, email, name, is_superuser, is_active, preferences, created_at, last_login_at, last_active_at`

export function userOf(row: UserRow): User {
  return { ...row, preferences: preferencesOf(row.preferences) }
}

export async function findUser(db: Db, userId: string): Promise<User | null> {
  const [row] = await db<UserRow[]>`select ${columns(db)} from users where id = ${userId}`
  return row ? userOf(row) : null
}

/** `email` in its stored form (see normalizeEmail). */
export async function findUserByEmail(db: Db, email: string): Promise<User | null> {
  const [row] = await db<UserRow[]>`select ${columns(db)} from users where email = ${email}`
  return row ? userOf(row) : null
}

export async function hasUsers(db: Db): Promise<boolean> {
  const [row] = await db<{ found: boolean }[]>`select exists (select 1 from users) as found`
  return row?.found ?? false
}

/** Held until the transaction ends: of two wizards that finish at once, only one may make the first user. */
export async function lockFirstUser(db: Db): Promise<void> {
  await db`select pg_advisory_xact_lock(${FIRST_USER_LOCK})`
}

export type NewUser = {
  email: string
  name: string
  passwordHash: string | null
  isSuperuser: boolean
}

/** Throws `conflict` when the address is taken. */
export async function insertUser(db: Db, user: NewUser): Promise<User> {
  const [row] = await db<UserRow[]>`
    insert into users (email, name, password_hash, is_superuser)
    values (${user.email}, ${user.name}, ${user.passwordHash}, ${user.isSuperuser})
    on conflict (email) do nothing
    returning ${columns(db)}`
  if (!row) throw new AppError("conflict", "There is already a user with this e-mail address.")
  return userOf(row)
}

/** null: nobody with this address may log in with a password. */
export async function findPassword(
  db: Db,
  email: string,
): Promise<{ userId: string; passwordHash: string } | null> {
  const [row] = await db<{ userId: string; passwordHash: string }[]>`
    select id as user_id, password_hash
    from users
    where email = ${email} and is_active and password_hash is not null`
  return row ?? null
}

export async function updatePassword(db: Db, userId: string, passwordHash: string): Promise<void> {
  await db`update users set password_hash = ${passwordHash} where id = ${userId}`
}

export async function updateUserName(db: Db, userId: string, name: string): Promise<void> {
  await db`update users set name = ${name} where id = ${userId}`
}

/** Changes only the preferences that are given. */
export async function updatePreferences(
  db: Db,
  userId: string,
  changes: Partial<Preferences>,
): Promise<void> {
  await db`
    update users set preferences = preferences || ${db.json(changes)} where id = ${userId}`
}

export async function updateSuperuser(db: Db, userId: string, isSuperuser: boolean): Promise<void> {
  await db`update users set is_superuser = ${isSuperuser} where id = ${userId}`
}

export async function updateLastLogin(db: Db, userId: string, at: Date): Promise<void> {
  await db`update users set last_login_at = ${at}, last_active_at = ${at} where id = ${userId}`
}

/** Rows of other tables that name the user keep existing without a name (on delete set null). */
export async function deleteUser(db: Db, userId: string): Promise<void> {
  await db`delete from users where id = ${userId}`
}

/** Locks them: of two administrators who leave at once, one stays. */
export async function countSuperusers(db: Db): Promise<number> {
  const rows =
    await db`select id from users where is_superuser and is_active order by id for update`
  return rows.length
}
