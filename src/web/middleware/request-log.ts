import { createMiddleware } from "hono/factory"
import type { Log } from "#platform/log.ts"
import type { WebEnv } from "../context.ts"

/** Paths whose tail is a secret: links from mails. */
const SECRET_TAILS = /^(\/account\/recover\/confirm|\/accept)\/.+/

/** A request's path as it may be logged. */
export function loggedPath(path: string): string {
  return path.replace(SECRET_TAILS, "$1/…")
}

/** One line a request: no query, no tokens, no health checks. */
export function requestLog(log: Log) {
  return createMiddleware<WebEnv>(async (c, next) => {
    const startedAt = performance.now()
    await next()
    log.info(
      {
        method: c.req.method,
        path: loggedPath(c.req.path),
        status: c.res.status,
        ms: Math.round(performance.now() - startedAt),
        client: c.var.clientAddress,
        requestId: c.var.requestId,
      },
      "request",
    )
  })
}
