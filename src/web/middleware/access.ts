import { createMiddleware } from "hono/factory"
import type { Membership } from "#accounts/organizations/membership.ts"
import { leastRoleWith, type Scope } from "#accounts/organizations/roles.ts"
import { can, membershipIn } from "#accounts/users/viewer.ts"
import { AppError } from "#platform/errors.ts"
import { urls } from "#urls.ts"
import { viewerOf, type WebEnv } from "../context.ts"

/** Signed-out people are sent to log in and come back to where they wanted to go. */
export const requireViewer = createMiddleware<WebEnv>(async (c, next) => {
  if (c.var.viewer) return next()
  if (c.req.method !== "GET") throw new AppError("unauthorized", "You were signed out.")
  const { pathname, search } = new URL(c.req.url)
  return c.redirect(urls.login(pathname === "/" ? undefined : pathname + search))
})

/** For paths with `:org`: sets `membership`. An organization one is not in does not exist, whatever its name. */
export const requireOrganization = createMiddleware<WebEnv>(async (c, next) => {
  if (!c.var.viewer) return requireViewer(c, next)
  const membership = membershipIn(viewerOf(c), c.req.param("org") ?? "")
  if (!membership) throw new AppError("not_found", "There is no such page.")
  c.set("membership", membership)
  return next()
})

/** Behind requireOrganization: refuses, naming the right that is missing and who has it. */
export function requireScope(scope: Scope) {
  return createMiddleware<WebEnv>(async (c, next) => {
    checkScope(c.var.membership, scope)
    return next()
  })
}

export function checkScope(membership: Membership, scope: Scope): void {
  if (can(membership, scope)) return
  throw new AppError(
    "forbidden",
    `You need the right "${scope}" for this. Ask somebody with the role ${leastRoleWith(scope)} in ${membership.name}.`,
  )
}

export const requireSuperuser = createMiddleware<WebEnv>(async (c, next) => {
  if (!c.var.viewer) return requireViewer(c, next)
  if (!c.var.viewer.user.isSuperuser) throw new AppError("not_found", "There is no such page.")
  return next()
})
