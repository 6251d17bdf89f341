import type { Quota, QuotaRequest } from "#platform/quota/quota.ts"
import type { KeyAccess } from "#projects/key-access-store.ts"
import type { RateLimit } from "./refusal.ts"

/** Events per window; 0 = no limit. */
export type RoomLimits = {
  key: number
  project: number
  organization: number
  windowSeconds: number
  /** Events per minute of the whole installation; 0 = no limit. */
  instancePerMinute: number
}

/** Stands for all organizations in the installation's own limit; real ids begin at 1. */
const INSTANCE = "0"
/** Several clients read `default` as the error category. */
const LIMITED_CATEGORIES = ["error", "default"]

const scopes: Record<string, Pick<RateLimit, "scope" | "reason">> = {
  key: { scope: "key", reason: "key_quota" },
  project: { scope: "project", reason: "project_quota" },
  organization: { scope: "organization", reason: "organization_quota" },
  instance: { scope: "organization", reason: "instance_quota" },
}

/** Takes room for one event out of every limit that holds for the key, or out of none; the limit that stood in the way. */
export async function takeRoom(
  quota: Quota,
  access: KeyAccess,
  limits: RoomLimits,
  now: Date,
): Promise<RateLimit | null> {
  const requests = requestsOf(access, limits)
  if (requests.length === 0) return null
  const answer = await quota.take(requests, now)
  if (answer.allowed) return null
  const [name = ""] = (answer.limitedBy ?? "organization").split(":")
  return {
    retryAfterSeconds: Math.max(1, Math.ceil(answer.retryAfterSeconds)),
    categories: LIMITED_CATEGORIES,
    ...(scopes[name] ?? { scope: "organization", reason: "quota" }),
  }
}

function requestsOf(access: KeyAccess, limits: RoomLimits): QuotaRequest[] {
  const { windowSeconds } = limits
  const { organizationId, projectId, keyId } = access
  const requests: QuotaRequest[] = [
    {
      organizationId,
      limit: `key:${keyId}`,
      max: access.rateLimitCount ?? limits.key,
      windowSeconds: access.rateLimitWindowSeconds ?? windowSeconds,
      quantity: 1,
    },
    {
      organizationId,
      limit: `project:${projectId}`,
      max: limits.project,
      windowSeconds,
      quantity: 1,
    },
    {
      organizationId,
      limit: "organization",
      max: limits.organization,
      windowSeconds,
      quantity: 1,
    },
    {
      organizationId: INSTANCE,
      limit: "instance",
      max: limits.instancePerMinute,
      windowSeconds: 60,
      quantity: 1,
    },
  ]
  return requests.filter((request) => request.max > 0)
}
