import type { Role } from "./roles.ts"

/** What somebody is in one organization. */
export type Membership = {
  organizationId: string
  slug: string
  name: string
  role: Role
  /** org_members.id; null for a superuser who is not a member and acts as an owner. */
  memberId: string | null
}
