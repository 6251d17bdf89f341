import { ALLOWED, type Quota, type QuotaRequest, refusalOf, windowOf } from "./quota.ts"

/** Counters at most; beyond, those of past windows go, and if need be all. */
const MAX_COUNTERS = 100_000

type Counter = { window: number; count: number; endsAt: number }

export type MemoryQuota = Quota & {
  /** Takes over what a better-informed counter says. */
  learn(request: QuotaRequest, count: number, now: Date): void
}

/** The quota of one process alone. */
export function createMemoryQuota(): MemoryQuota {
  const counters = new Map<string, Counter>()

  const counterOf = (request: QuotaRequest, now: Date): Counter => {
    const key = `${request.organizationId}:${request.limit}:${request.windowSeconds}`
    const window = windowOf(request.windowSeconds, now).index
    const found = counters.get(key)
    if (found?.window === window) return found
    if (counters.size >= MAX_COUNTERS) makeRoom(counters, now)
    const fresh = { window, count: 0, endsAt: (window + 1) * request.windowSeconds * 1000 }
    counters.set(key, fresh)
    return fresh
  }
  return {
    take: async (requests, now) => {
      const full = requests.filter(
        (request) => counterOf(request, now).count + request.quantity > request.max,
      )
      if (full.length > 0) return refusalOf(full, now)
      for (const request of requests) counterOf(request, now).count += request.quantity
      return ALLOWED
    },
    learn: (request, count, now) => {
      counterOf(request, now).count = count
    },
  }
}

function makeRoom(counters: Map<string, Counter>, now: Date): void {
  for (const [key, counter] of counters) if (counter.endsAt <= now.getTime()) counters.delete(key)
  if (counters.size >= MAX_COUNTERS) counters.clear()
}
