import { randomBytes } from "node:crypto"
import type { App } from "#app.ts"
import { publicAddress } from "#config.ts"
import type { Tx } from "#platform/db.ts"
import { AppError } from "#platform/errors.ts"
import { randomHex, sha256 } from "#platform/ids.ts"
import { insertAuditEntry } from "../audit-store.ts"
import { type Actor, audit } from "../organizations/actor.ts"
import { isScope, type Scope } from "../organizations/roles.ts"
import {
  deleteApiToken,
  findTokenFault,
  findTokenHolder,
  insertApiToken,
  type TokenHolder,
  updateTokenUse,
} from "./store.ts"

const LAST_CHARACTERS = 4
const MAX_NAME_LENGTH = 100
/** A token's last use is written at most this often. */
const USE_INTERVAL_MS = 60_000

/** Returns the token itself: it is shown once and kept only as a hash. */
export async function createUserToken(
  tx: Tx,
  user: { id: string },
  token: { name: string; scopes: string[]; expiresAt: Date | null },
  ip: string | null,
): Promise<string> {
  const secret = `sntryu_${randomHex(32)}`
  const id = await insertApiToken(tx, {
    organizationId: null,
    userId: user.id,
    name: checkedName(token.name),
    scopes: checkedScopes(token.scopes),
    createdBy: user.id,
    expiresAt: token.expiresAt,
    ...stored(secret),
  })
  await insertAuditEntry(tx, {
    organizationId: null,
    actorUserId: user.id,
    actorKind: "user",
    action: "api-token.create",
    targetType: "api-token",
    targetId: id,
    data: { name: token.name, scopes: token.scopes },
    ip,
  })
  return secret
}

/**
 * An organization's token, for builds: carries address and organization as sentry-cli reads them from it. Padded
 * standard base64, exactly two underscores; returned once, kept only as a hash.
 */
export async function createOrganizationToken(
  app: Pick<App, "config" | "clock">,
  tx: Tx,
  actor: Actor,
  organization: { id: string; slug: string },
  token: { name: string; scopes: string[]; expiresAt: Date | null },
): Promise<{ id: string; token: string }> {
  const url = publicAddress(app.config)
  const claims = {
    iat: app.clock.now().getTime() / 1000,
    url,
    region_url: url,
    org: organization.slug,
  }
  const payload = Buffer.from(JSON.stringify(claims)).toString("base64")
  const secret = `sntrys_${payload}_${randomBytes(32).toString("base64").replace(/=+$/, "")}`
  const id = await insertApiToken(tx, {
    organizationId: organization.id,
    userId: null,
    name: checkedName(token.name),
    scopes: checkedScopes(token.scopes),
    createdBy: actor.userId,
    expiresAt: token.expiresAt,
    ...stored(secret),
  })
  await audit(tx, organization.id, actor, {
    action: "api-token.create",
    targetType: "api-token",
    targetId: id,
    data: { name: token.name, scopes: token.scopes },
  })
  return { id, token: secret }
}

export async function revokeOrganizationToken(
  tx: Tx,
  actor: Actor,
  organizationId: string,
  tokenId: string,
): Promise<void> {
  if (!(await deleteApiToken(tx, { organizationId }, tokenId))) {
    throw new AppError("not_found", "There is no such token.")
  }
  await audit(tx, organizationId, actor, {
    action: "api-token.remove",
    targetType: "api-token",
    targetId: tokenId,
  })
}

/** Who holds a bearer token, or null; notes its use. */
export async function useToken(
  app: Pick<App, "sql" | "clock">,
  token: string,
): Promise<TokenHolder | null> {
  const now = app.clock.now()
  const holder = await findTokenHolder(app.sql, sha256(token), now)
  if (!holder) return null
  const usedAgoMs = now.getTime() - (holder.lastUsedAt?.getTime() ?? 0)
  if (usedAgoMs > USE_INTERVAL_MS) await updateTokenUse(app.sql, holder.id, now)
  return holder
}

/** Why `useToken` found nobody, for the answer to whoever holds the token. */
export function findTokenRefusal(
  app: Pick<App, "sql" | "clock">,
  token: string,
): Promise<"expired" | "inactive" | null> {
  return findTokenFault(app.sql, sha256(token), app.clock.now())
}

function stored(secret: string) {
  return { tokenHash: sha256(secret), lastCharacters: secret.slice(-LAST_CHARACTERS) }
}

function checkedName(name: string): string {
  const trimmed = name.trim()
  if (trimmed !== "" && trimmed.length <= MAX_NAME_LENGTH) return trimmed
  throw new AppError("invalid", "Give the token a name of 1 to 100 characters.", { field: "name" })
}

function checkedScopes(scopes: string[]): Scope[] {
  const unknown = scopes.find((scope) => !isScope(scope))
  if (unknown !== undefined) {
    throw new AppError("invalid", `There is no scope "${unknown}".`, { field: "scopes" })
  }
  if (scopes.length === 0)
    throw new AppError("invalid", "Choose at least one scope.", { field: "scopes" })
  return [...new Set(scopes.filter(isScope))]
}
