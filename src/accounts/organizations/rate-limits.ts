import type { Tx } from "#platform/db.ts"
import { limitsInWords, type RateLimits } from "#protocol/rate-limits.ts"
import { type Actor, audit } from "./actor.ts"
import { updateOrganizationLimits } from "./rate-limits-store.ts"

export async function changeOrganizationLimits(
  tx: Tx,
  actor: Actor,
  organizationId: string,
  limits: RateLimits,
): Promise<void> {
  await updateOrganizationLimits(tx, organizationId, limits)
  await audit(tx, organizationId, actor, {
    action: "org.edit",
    targetType: "organization",
    targetId: organizationId,
    data: { rateLimits: limitsInWords(limits) },
  })
}
