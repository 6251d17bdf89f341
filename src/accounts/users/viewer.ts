import type { Membership } from "../organizations/membership.ts"
import { type Scope, scopesOf } from "../organizations/roles.ts"
import type { User } from "./user.ts"

/** The person behind a request. */
export type Viewer = {
  user: User
  /** Own ones first; empty for somebody who is nowhere a member. */
  memberships: Membership[]
}

export function membershipIn(viewer: Viewer, slug: string): Membership | null {
  return viewer.memberships.find((membership) => membership.slug === slug) ?? null
}

export function can(membership: Membership, scope: Scope): boolean {
  return scopesOf(membership.role).has(scope)
}
