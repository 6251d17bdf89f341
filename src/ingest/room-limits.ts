import type { Config } from "#config.ts"
import type { QuotaRequest } from "#platform/quota/quota.ts"
import type { KeyAccess } from "#projects/key-access-store.ts"
import type { CategoryLimit, LimitedCategory, RateLimits } from "#protocol/rate-limits.ts"

export type Limit = Omit<QuotaRequest, "quantity"> & { category: LimitedCategory }

/** Stands for all organizations in the installation's own limits; real ids begin at 1. */
const INSTANCE = "0"

/** Every limit that holds for what comes with a key; most keys have none. */
export function limitsOf(access: KeyAccess, config: Config): Limit[] {
  const { organizationId, projectId, keyId } = access
  const windowSeconds = config["quota.window-seconds"]
  const project = `project:${projectId}`
  const inWindow = (count: number): CategoryLimit => ({ count, windowSeconds })
  return [
    ...named({ organizationId, name: `key:${keyId}` }, keyLimits(access, config)),
    ...named(
      { organizationId, name: project },
      { error: inWindow(config["quota.project-default"]), ...access.projectLimits },
    ),
    ...named(
      { organizationId, name: "organization" },
      { error: inWindow(config["quota.organization-default"]), ...access.organizationLimits },
    ),
    ...named({ organizationId, name: `project-abuse:${projectId}` }, projectAbuseLimits(config)),
    ...named({ organizationId, name: "organization-abuse" }, organizationAbuseLimits(config)),
    ...named({ organizationId: INSTANCE, name: "instance" }, instanceLimits(config)),
  ]
}

function keyLimits(access: KeyAccess, config: Config): RateLimits {
  const error: CategoryLimit = {
    count: access.rateLimitCount ?? config["quota.key-default"],
    windowSeconds: access.rateLimitWindowSeconds ?? config["quota.window-seconds"],
  }
  return { ...access.keyLimits, error }
}

/** An average over a window: short bursts pass. Counted a second, as Sentry's options are. */
function averaged(windowSeconds: number, perSecond: RateLimitCounts): RateLimits {
  const limits = Object.entries(perSecond).map(([category, count]) => [
    category,
    { count: count * windowSeconds, windowSeconds },
  ])
  return Object.fromEntries(limits)
}

type RateLimitCounts = Partial<Record<LimitedCategory, number>>

function projectAbuseLimits(config: Config): RateLimits {
  return averaged(config["project-abuse-quota.window"], {
    error: config["project-abuse-quota.error-limit"],
    transaction: config["project-abuse-quota.transaction-limit"],
    attachment: config["project-abuse-quota.attachment-limit"],
    session: config["project-abuse-quota.session-limit"],
  })
}

function organizationAbuseLimits(config: Config): RateLimits {
  return averaged(config["organization-abuse-quota.window"], {
    error: config["organization-abuse-quota.error-limit"],
    transaction: config["organization-abuse-quota.transaction-limit"],
    attachment: config["organization-abuse-quota.attachment-limit"],
    session: config["organization-abuse-quota.session-limit"],
  })
}

function instanceLimits(config: Config): RateLimits {
  const windowSeconds = config["quota.window-seconds"]
  const counted = Object.entries(config["quota.instance-default"]).map(([category, count]) => [
    category,
    { count, windowSeconds },
  ])
  const perMinute = config["system.rate-limit"]
  return {
    ...Object.fromEntries(counted),
    ...(perMinute > 0 && { error: { count: perMinute, windowSeconds: 60 } }),
  }
}

/** The limits that are some; errors keep the names that they had before other categories had limits. */
function named(of: { organizationId: string; name: string }, limits: RateLimits): Limit[] {
  return (Object.entries(limits) as [LimitedCategory, CategoryLimit][])
    .filter(([, { count }]) => count > 0)
    .map(([category, { count, windowSeconds }]) => ({
      category,
      organizationId: of.organizationId,
      limit: category === "error" ? of.name : `${of.name}:${category}`,
      max: count,
      windowSeconds,
    }))
}
