import type { Db } from "#platform/db.ts"
import type { Scope } from "../organizations/roles.ts"

export type ApiToken = {
  id: string
  name: string
  lastCharacters: string
  scopes: Scope[]
  createdAt: Date
  createdByName: string | null
  expiresAt: Date | null
  lastUsedAt: Date | null
}

export type NewApiToken = {
  organizationId: string | null
  userId: string | null
  name: string
  tokenHash: Uint8Array
  lastCharacters: string
  scopes: Scope[]
  createdBy: string | null
  expiresAt: Date | null
}

export async function insertApiToken(db: Db, token: NewApiToken): Promise<string> {
  const [row] = await db<{ id: string }[]>`
    insert into api_tokens (
      organization_id, user_id, name, token_hash, token_last_characters, scopes, created_by, expires_at
    )
    values (
      ${token.organizationId}, ${token.userId}, ${token.name}, ${token.tokenHash},
      ${token.lastCharacters}, ${token.scopes}, ${token.createdBy}, ${token.expiresAt}
    )
    returning id`
  if (!row) throw new Error("insert without a row")
  return row.id
}

/** Tokens of one organization (sntrys_), or of one user (sntryu_). */
export function listApiTokens(
  db: Db,
  owner: { organizationId: string } | { userId: string },
): Promise<ApiToken[]> {
  const mine =
    "userId" in owner
      ? db`t.user_id = ${owner.userId}`
      : db`t.organization_id = ${owner.organizationId} and t.user_id is null`
  return db<ApiToken[]>`
    select
      t.id, t.name, t.token_last_characters as last_characters, t.scopes, t.created_at,
      t.expires_at, t.last_used_at, coalesce(nullif(u.name, ''), u.email) as created_by_name
    from api_tokens t
    left join users u on u.id = t.created_by
    where ${mine}
    order by t.id desc
    limit 500`
}

export type TokenHolder = {
  id: string
  /** null: an organization's token. */
  userId: string | null
  /** null: a user's token. */
  organizationId: string | null
  scopes: Scope[]
  lastUsedAt: Date | null
}

/** Whose token this is, unless it has expired, its user is switched off or its organization is being deleted. */
export async function findTokenHolder(
  db: Db,
  tokenHash: Uint8Array,
  now: Date,
): Promise<TokenHolder | null> {
  const [row] = await db<TokenHolder[]>`
    select t.id, t.user_id, t.organization_id, t.scopes, t.last_used_at
    from api_tokens t
    left join users u on u.id = t.user_id
    left join organizations o on o.id = t.organization_id
    where t.token_hash = ${tokenHash}
      and (t.expires_at is null or t.expires_at > ${now})
      and (t.user_id is null or u.is_active)
      and (t.organization_id is null or o.status = 'active')`
  return row ?? null
}

/** Why a token that exists is of no use; null: there is no such token, or it is fine. */
export async function findTokenFault(
  db: Db,
  tokenHash: Uint8Array,
  now: Date,
): Promise<"expired" | "inactive" | null> {
  const [row] = await db<{ fault: "expired" | "inactive" | null }[]>`
    select case when t.expires_at <= ${now} then 'expired' when not u.is_active then 'inactive' end as fault
    from api_tokens t
    left join users u on u.id = t.user_id
    where t.token_hash = ${tokenHash}`
  return row?.fault ?? null
}

export async function updateTokenUse(db: Db, tokenId: string, at: Date): Promise<void> {
  await db`update api_tokens set last_used_at = ${at} where id = ${tokenId}`
}

/** Of those that still work. */
export async function countUserTokens(db: Db, userId: string, now: Date): Promise<number> {
  const [row] = await db<{ count: number }[]>`
    select count(*)::int as count
    from api_tokens where user_id = ${userId} and (expires_at is null or expires_at > ${now})`
  return row?.count ?? 0
}

/** All of one person; how many there were. */
export async function deleteUserTokens(db: Db, userId: string): Promise<number> {
  const { count } = await db`delete from api_tokens where user_id = ${userId}`
  return count
}

/** false: there is no such token among the owner's. */
export async function deleteApiToken(
  db: Db,
  owner: { organizationId: string } | { userId: string },
  tokenId: string,
): Promise<boolean> {
  const mine =
    "userId" in owner
      ? db`user_id = ${owner.userId}`
      : db`organization_id = ${owner.organizationId} and user_id is null`
  const { count } = await db`delete from api_tokens where id = ${tokenId} and ${mine}`
  return count > 0
}
