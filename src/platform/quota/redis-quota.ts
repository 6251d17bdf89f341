import type { Log } from "../log.ts"
import { createScript, type RedisClient } from "../redis.ts"
import { createMemoryQuota } from "./memory-quota.ts"
import {
  ALLOWED,
  type Quota,
  type QuotaAnswer,
  type QuotaRequest,
  refusalOf,
  windowOf,
} from "./quota.ts"
import takeQuotaLua from "./take-quota.lua" with { type: "text" }

/** After a failure Redis is asked again this often, by one request, so that an outage does not cost the others a timeout. */
const PROBE_EVERY_MS = 1000

export type RedisQuotaOptions = {
  redis: RedisClient
  key(organizationId: string, limit: string, window: number): string
  log: Log
}

/**
 * One quota for all processes. While Redis is away each process goes on from the counts it last heard:
 * a limit that was reached stays reached until its window ends, others count this process alone.
 */
export function createRedisQuota({ redis, key, log }: RedisQuotaOptions): Quota {
  const takeScript = createScript(takeQuotaLua)
  const lastKnown = createMemoryQuota()
  let isAway = false
  let probedAt = Number.NEGATIVE_INFINITY

  const takeTogether = async (requests: readonly QuotaRequest[], now: Date) => {
    const keys = requests.map(({ organizationId, limit, windowSeconds }) =>
      key(organizationId, limit, windowOf(windowSeconds, now).index),
    )
    // Two windows: a process with a slow clock still finds the counter.
    const args = requests.flatMap(({ max, quantity, windowSeconds }) => [
      max,
      quantity,
      windowSeconds * 2,
    ])
    const [taken, ...counts] = (await takeScript(redis, keys, args)) as number[]
    requests.forEach((request, i) => {
      lastKnown.learn(request, counts[i] ?? 0, now)
    })
    if (taken === 1) return ALLOWED
    return refusalOf(
      requests.filter(({ max, quantity }, i) => (counts[i] ?? 0) + quantity > max),
      now,
    )
  }

  return {
    take: async (requests, now) => {
      if (requests.length === 0) return ALLOWED
      if (isAway && performance.now() - probedAt < PROBE_EVERY_MS) {
        return lastKnown.take(requests, now)
      }
      probedAt = performance.now()
      try {
        const answer = await inTurn(slotGroups(redis, requests), (group) =>
          takeTogether(group, now),
        )
        isAway = false
        return answer
      } catch (error) {
        if (!isAway) log.warn({ err: error }, "quota: Redis is away, counting alone")
        isAway = true
        probedAt = performance.now()
        return lastKnown.take(requests, now)
      }
    },
  }
}

/** A cluster's script may touch one organization's keys only; a single server takes them all at once. */
function slotGroups(redis: RedisClient, requests: readonly QuotaRequest[]) {
  if (!redis.isCluster) return [requests]
  return [...Map.groupBy(requests, ({ organizationId }) => organizationId).values()]
}

async function inTurn(
  groups: readonly (readonly QuotaRequest[])[],
  take: (group: readonly QuotaRequest[]) => Promise<QuotaAnswer>,
): Promise<QuotaAnswer> {
  for (const group of groups) {
    const answer = await take(group)
    if (!answer.allowed) return answer
  }
  return ALLOWED
}
