import { getCookie } from "hono/cookie"
import { createMiddleware } from "hono/factory"
import { type Scope, scopesOf, withImplied } from "#accounts/organizations/roles.ts"
import { listMemberships, listOrganizationsById } from "#accounts/organizations/store.ts"
import type { TokenHolder } from "#accounts/tokens/store.ts"
import { findTokenRefusal, useToken } from "#accounts/tokens/tokens.ts"
import { findViewer } from "#accounts/users/sessions.ts"
import { findUser } from "#accounts/users/store.ts"
import type { User } from "#accounts/users/user.ts"
import type { App } from "#app.ts"
import { AppError } from "#platform/errors.ts"
import { cookieName } from "../middleware/cookies.ts"
import type { Access, ApiContext, ApiEnv, Caller } from "./caller.ts"

/** Longer than any token of ours; hashing more would only cost time. */
const MAX_TOKEN_CHARACTERS = 4096

/**
 * Finds out who asks: a bearer token, or for reading the session of a browser in which somebody opened the address. Sets
 * `caller`, null without credentials, and `badCredentials` for those that are wrong.
 */
export function authentication(app: App) {
  return createMiddleware<ApiEnv>(async (c, next) => {
    c.set("badCredentials", null)
    c.set("caller", null)
    try {
      c.set("caller", await findCaller(app, c))
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      c.set("badCredentials", error)
    }
    await next()
  })
}

/** Behind the rate limit, so that guessing tokens is limited too. */
export const refuseBadCredentials = createMiddleware<ApiEnv>(async (c, next) => {
  if (c.var.badCredentials) throw c.var.badCredentials
  await next()
})

function findCaller(app: App, c: ApiContext): Promise<Caller | null> {
  const token = bearerToken(c.req.header("authorization") ?? "")
  return token === null ? sessionCaller(app, c) : tokenCaller(app, token)
}

/** null: no bearer at all, other schemes included. */
function bearerToken(header: string): string | null {
  const [scheme = "", ...rest] = header.trim().split(/\s+/, 3)
  if (scheme.toLowerCase() !== "bearer") return null
  const [token] = rest
  if (!token) throw refused("Invalid token header. No credentials provided.")
  if (rest.length > 1) {
    throw refused("Invalid token header. Token string should not contain spaces.")
  }
  if (token.length > MAX_TOKEN_CHARACTERS) throw refused("Invalid token")
  return token
}

async function sessionCaller(app: App, c: ApiContext): Promise<Caller | null> {
  const isRead = c.req.method === "GET" || c.req.method === "HEAD"
  const secret = isRead ? getCookie(c, cookieName(app.config, "session")) : undefined
  const viewer = secret ? await findViewer(app, secret) : null
  if (!viewer) return null
  return {
    id: `user:${viewer.user.id}`,
    user: viewer.user,
    tokenScopes: null,
    accesses: viewer.memberships.map((membership) => ({
      ...membership,
      userId: viewer.user.id,
      scopes: scopesOf(membership.role),
    })),
  }
}

async function tokenCaller(app: App, token: string): Promise<Caller> {
  const holder = await useToken(app, token)
  if (!holder) throw refused(await refusalText(app, token))
  const user = holder.userId ? await findUser(app.sql, holder.userId) : null
  return {
    id: user ? `user:${user.id}` : `token:${holder.id}`,
    user,
    tokenScopes: holder.scopes,
    accesses: user
      ? await userAccesses(app, user, holder.scopes)
      : await organizationAccesses(app, holder),
  }
}

async function refusalText(app: App, token: string): Promise<string> {
  const refusal = await findTokenRefusal(app, token)
  if (refusal === "expired") return "Token expired"
  if (refusal === "inactive") return "User inactive or deleted"
  return token.startsWith("sntrys_") ? "Invalid org token" : "Invalid token"
}

/** A person's token can do what both its scopes and the person's role allow. */
async function userAccesses(app: App, user: User, tokenScopes: Scope[]): Promise<Access[]> {
  const memberships = await listMemberships(app.sql, user)
  const granted = withImplied(tokenScopes)
  return memberships.map((membership) => {
    const scopes = [...scopesOf(membership.role)].filter((scope) => granted.has(scope))
    return { ...membership, userId: user.id, scopes: new Set(scopes) }
  })
}

async function organizationAccesses(app: App, holder: TokenHolder): Promise<Access[]> {
  const ids = holder.organizationId ? [holder.organizationId] : []
  const organizations = await listOrganizationsById(app.sql, ids)
  return organizations.map(({ id, slug }) => ({
    organizationId: id,
    slug,
    role: null,
    memberId: null,
    userId: null,
    scopes: withImplied(holder.scopes),
  }))
}

function refused(message: string): AppError {
  return new AppError("unauthorized", message)
}
