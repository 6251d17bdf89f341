import { createMiddleware } from "hono/factory"
import type { App } from "#app.ts"
import { AppError } from "#platform/errors.ts"
import { networkOf } from "#platform/network.ts"
import type { ApiContext, ApiEnv } from "./caller.ts"

const WINDOW_SECONDS = 60
/** Requests of one caller at the same time, as in Sentry. */
const MAX_CONCURRENT = 25
/** Callers remembered at most; those of past windows go first. */
const MAX_CALLERS = 10_000

type Use = { window: number; requests: number; concurrent: number }

/**
 * Bounds what one caller asks of the API (api.rate-limit.*) and tells how much is left. The limit holds over all web
 * processes; the remaining number is what this process knows, so that one answer costs one look.
 */
export function rateLimit(app: Pick<App, "config" | "quota" | "clock">) {
  const uses = new Map<string, Use>()
  return createMiddleware<ApiEnv>(async (c, next) => {
    const caller = c.var.caller?.id ?? `address:${networkOf(c.var.clientAddress)}`
    const max = limitOf(app, c)
    const now = app.clock.now()
    const use = useOf(uses, caller, Math.floor(now.getTime() / 1000 / WINDOW_SECONDS))
    use.requests++
    use.concurrent++
    try {
      describe(c, max, use)
      if (use.concurrent > MAX_CONCURRENT) throw tooMany()
      if (max > 0) await take(app, caller, max, now)
      await next()
    } finally {
      use.concurrent--
    }
  })
}

function limitOf({ config }: Pick<App, "config">, c: ApiContext): number {
  return c.var.caller?.tokenScopes ? config["api.rate-limit.token"] : config["api.rate-limit.user"]
}

async function take(app: Pick<App, "quota">, caller: string, max: number, now: Date) {
  const request = { organizationId: caller, limit: "api", max, windowSeconds: WINDOW_SECONDS }
  const { allowed, retryAfterSeconds } = await app.quota.take([{ ...request, quantity: 1 }], now)
  if (allowed) return
  throw new AppError(
    "rate_limited",
    `You are attempting to use this endpoint too frequently. Limit is ${max} requests in ${WINDOW_SECONDS} seconds`,
    { retryAfterSeconds },
  )
}

function tooMany(): AppError {
  return new AppError(
    "rate_limited",
    `You are attempting to go above the allowed concurrency for this endpoint. Concurrency limit is ${MAX_CONCURRENT}`,
    { retryAfterSeconds: 1 },
  )
}

/** Five whole numbers, which some clients insist on; without a limit, what they would have with the largest. */
function describe(c: ApiContext, max: number, use: Use): void {
  const limit = max || Number.MAX_SAFE_INTEGER
  c.header("X-Sentry-Rate-Limit-Limit", String(limit))
  c.header("X-Sentry-Rate-Limit-Remaining", String(Math.max(0, limit - use.requests)))
  c.header("X-Sentry-Rate-Limit-Reset", String((use.window + 1) * WINDOW_SECONDS))
  c.header("X-Sentry-Rate-Limit-ConcurrentLimit", String(MAX_CONCURRENT))
  const free = Math.max(0, MAX_CONCURRENT - use.concurrent)
  c.header("X-Sentry-Rate-Limit-ConcurrentRemaining", String(free))
}

function useOf(uses: Map<string, Use>, caller: string, window: number): Use {
  const known = uses.get(caller)
  if (known) {
    if (known.window !== window) Object.assign(known, { window, requests: 0 })
    return known
  }
  if (uses.size >= MAX_CALLERS) forget(uses, window)
  const fresh = { window, requests: 0, concurrent: 0 }
  uses.set(caller, fresh)
  return fresh
}

function forget(uses: Map<string, Use>, window: number): void {
  for (const [caller, use] of uses) {
    if (use.window !== window && use.concurrent === 0) uses.delete(caller)
  }
  if (uses.size >= MAX_CALLERS) uses.clear()
}
