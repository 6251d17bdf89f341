import type { Actor } from "#accounts/organizations/actor.ts"
import { viewerOf, type WebContext } from "../context.ts"

/** The viewer as the one who changes something; behind requireOrganization. */
export function actorIn(c: WebContext): Actor {
  return {
    userId: viewerOf(c).user.id,
    role: c.var.membership.role,
    ip: c.var.clientAddress,
  }
}
