import type { Context } from "hono"
import type { Actor } from "#accounts/organizations/actor.ts"
import type { Role, Scope } from "#accounts/organizations/roles.ts"
import type { User } from "#accounts/users/user.ts"
import { AppError } from "#platform/errors.ts"
import type { WebEnv } from "../context.ts"

/** What a caller may do in one organization. */
export type Access = {
  organizationId: string
  slug: string
  /** null: an organization's token, which is nobody in particular. */
  role: Role | null
  memberId: string | null
  userId: string | null
  scopes: ReadonlySet<Scope>
}

/** Who is behind a request that carried credentials. */
export type Caller = {
  /** Names the caller in rate limits. */
  id: string
  /** null: an organization's token. */
  user: User | null
  /** What the token was made for, whatever the person's role allows; null: a session in a browser. */
  tokenScopes: readonly Scope[] | null
  accesses: readonly Access[]
}

export type ApiEnv = {
  Bindings: WebEnv["Bindings"]
  Variables: WebEnv["Variables"] & {
    /** null: the request carried no credentials. */
    caller: Caller | null
    /** Why the credentials of the request are no good. */
    badCredentials: AppError | null
  }
}
export type ApiContext = Context<ApiEnv>

/** Throws unauthorized in Sentry's words when the request carried no credentials. */
export function callerOf(c: ApiContext): Caller {
  const { caller } = c.var
  if (caller) return caller
  throw new AppError("unauthorized", "Authentication credentials were not provided.")
}

/** Names an organization by slug or id; one that the caller is not in does not exist. Any one of `scopes` is enough. */
export function accessIn(c: ApiContext, organization: string, ...scopes: Scope[]): Access {
  const { accesses } = callerOf(c)
  const access =
    accesses.find(({ slug }) => slug === organization) ??
    accesses.find(({ organizationId }) => organizationId === organization)
  if (!access) throw notFound()
  return checked(access, scopes)
}

/** The organizations in which the caller may do one of these. Throws forbidden when it may in none of its own. */
export function accessesWith(c: ApiContext, ...scopes: Scope[]): Access[] {
  const { accesses } = callerOf(c)
  const able = accesses.filter((access) => scopes.some((scope) => access.scopes.has(scope)))
  if (able.length === 0 && accesses.length > 0) throw missing(scopes)
  return able
}

export function checked(access: Access, scopes: readonly Scope[]): Access {
  if (scopes.some((scope) => access.scopes.has(scope))) return access
  throw missing(scopes)
}

/** org:read alone shows projects, as clients expect of it, but never to people whose role sees none. */
export function seesProjects(access: Access): boolean {
  return access.role !== "billing"
}

/** Who changes something, for the audit log. A token of the organization is nobody in particular, and has no role to hand on. */
export function actorOf({ userId, role }: Access, c: ApiContext): Actor {
  return { userId, role: role ?? "billing", ip: c.var.clientAddress }
}

export function notFound(): AppError {
  return new AppError("not_found", "The requested resource does not exist")
}

/** The text is the one clients know; the header X-Sentry-Error names the right that is missing. */
function missing(scopes: readonly Scope[]): AppError {
  return new AppError("forbidden", "You do not have permission to perform this action.", {
    missingScopes: scopes,
  })
}
