import type { Membership } from "#accounts/organizations/membership.ts"
import { defaultPreferences } from "#accounts/users/preferences.ts"
import type { Shell } from "../src/web/ui/shell.ts"

export const membership: Membership = {
  organizationId: "1",
  slug: "acme",
  name: "Acme",
  role: "owner",
  memberId: "1",
}

/** The first user of bench/seed.ts, looking now, in a zone with half hours. */
export function benchShell(): Shell {
  const user = {
    id: "1",
    email: "user1@example.test",
    name: "User 1",
    isSuperuser: false,
    isActive: true,
    preferences: defaultPreferences,
    createdAt: new Date(),
    lastLoginAt: null,
    lastActiveAt: null,
  }
  return {
    viewer: { user, memberships: [membership] },
    organization: membership,
    csrf: "bench",
    appearance: {},
    flash: null,
    now: new Date(),
    zone: "Asia/Kolkata",
  }
}
