import type { Config } from "#config.ts"
import type { Quota } from "#platform/quota/quota.ts"
import type { KeyAccess } from "#projects/key-access-store.ts"
import { headerNamesOf, type LimitedCategory } from "#protocol/rate-limits.ts"
import type { RateLimit } from "./refusal.ts"
import { type Limit, limitsOf } from "./room-limits.ts"

/** Whether there is room for what a key sends: limits of the key, its project, its organization and the installation. */
export type Room = {
  /** False, without asking anybody, for nearly every key: nothing it sends is limited. */
  isLimited(access: KeyAccess): boolean
  /** Takes the quantity out of every limit that holds for it, or out of none; the limit that stood in the way. */
  take(
    access: KeyAccess,
    category: LimitedCategory,
    quantity: number,
    now: Date,
  ): Promise<RateLimit | null>
}

const scopes: Record<string, Pick<RateLimit, "scope" | "reason">> = {
  key: { scope: "key", reason: "key_quota" },
  project: { scope: "project", reason: "project_quota" },
  organization: { scope: "organization", reason: "organization_quota" },
  instance: { scope: "organization", reason: "instance_quota" },
  "project-abuse": { scope: "project", reason: "project_abuse_limit" },
  "organization-abuse": { scope: "organization", reason: "org_abuse_limit" },
}

/** `config` is read whenever a key is looked up anew, so that changed options take effect within a minute or so. */
export function createRoom(quota: Quota, config: Config): Room {
  const known = new WeakMap<KeyAccess, Limit[]>()
  const limitsFor = (access: KeyAccess): Limit[] => {
    const found = known.get(access)
    if (found) return found
    const limits = limitsOf(access, config)
    known.set(access, limits)
    return limits
  }
  return {
    isLimited: (access) => limitsFor(access).length > 0,
    async take(access, category, quantity, now) {
      const limits = limitsFor(access).filter((limit) => limit.category === category)
      if (limits.length === 0 || quantity === 0) return null
      const answer = await quota.take(
        limits.map((limit) => ({ ...limit, quantity })),
        now,
      )
      if (answer.allowed) return null
      const [scope = ""] = (answer.limitedBy ?? "organization").split(":")
      return {
        retryAfterSeconds: Math.max(1, Math.ceil(answer.retryAfterSeconds)),
        categories: headerNamesOf(category),
        ...(scopes[scope] ?? { scope: "organization", reason: "quota" }),
      }
    },
  }
}
