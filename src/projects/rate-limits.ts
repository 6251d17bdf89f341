import { type Actor, audit } from "#accounts/organizations/actor.ts"
import type { Tx } from "#platform/db.ts"
import { limitsInWords, type RateLimits } from "#protocol/rate-limits.ts"
import type { ProjectKey } from "./keys-store.ts"
import { updateKeyLimits, updateProjectLimits } from "./rate-limits-store.ts"
import type { Project } from "./store.ts"

export async function changeProjectLimits(
  tx: Tx,
  actor: Actor,
  project: Project,
  limits: RateLimits,
): Promise<void> {
  await updateProjectLimits(tx, project.id, limits)
  await audit(tx, project.organizationId, actor, {
    action: "project.edit",
    targetType: "project",
    targetId: project.id,
    data: { slug: project.slug, rateLimits: limitsInWords(limits) },
  })
}

export async function changeKeyLimits(
  tx: Tx,
  actor: Actor,
  project: Project,
  key: ProjectKey,
  limits: RateLimits,
): Promise<void> {
  await updateKeyLimits(tx, key, limits)
  await audit(tx, project.organizationId, actor, {
    action: "projectkey.edit",
    targetType: "projectkey",
    targetId: key.id,
    data: {
      project: project.slug,
      label: key.label,
      publicKey: key.publicKey,
      rateLimits: limitsInWords(limits),
    },
  })
}
