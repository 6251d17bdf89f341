import { BoundedMap } from "../bounded-map.ts"
import { type Quota, type QuotaAnswer, type QuotaRequest, windowOf } from "./quota.ts"

const MAX_REFUSALS = 10_000

type Refused = { window: number; quantity: number }

/**
 * Answers from memory what was refused before in the same window: counters only grow, so nothing of that size fits until the window
 * ends. A client that keeps sending costs no question then.
 */
export function rememberRefusals(quota: Quota): Quota {
  const refusals = new BoundedMap<string, Refused>(MAX_REFUSALS)

  const isKnownFull = (request: QuotaRequest, now: Date) => {
    const refused = refusals.get(keyOf(request))
    if (!refused || request.quantity < refused.quantity) return false
    return refused.window === windowOf(request.windowSeconds, now).index
  }
  const remember = (requests: readonly QuotaRequest[], answer: QuotaAnswer, now: Date) => {
    const full = requests.find(({ limit }) => limit === answer.limitedBy)
    if (!full) return
    const window = windowOf(full.windowSeconds, now).index
    refusals.set(keyOf(full), { window, quantity: full.quantity })
  }
  return {
    async take(requests, now) {
      const full = requests.find((request) => isKnownFull(request, now))
      if (full) {
        const { secondsLeft } = windowOf(full.windowSeconds, now)
        return { allowed: false, retryAfterSeconds: secondsLeft, limitedBy: full.limit }
      }
      const answer = await quota.take(requests, now)
      if (!answer.allowed) remember(requests, answer, now)
      return answer
    },
  }
}

/** With the number: whoever raises a limit is not held to the old one. */
function keyOf({ organizationId, limit, windowSeconds, max }: QuotaRequest): string {
  return `${organizationId}:${limit}:${windowSeconds}:${max}`
}
