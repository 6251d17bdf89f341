import { createMiddleware } from "hono/factory"
import type { Log } from "#platform/log.ts"
import type { WebEnv } from "../context.ts"

/** Paths whose tail is a secret: links from mails. */
const SECRET_TAILS = /^(\/account\/recover\/confirm|\/accept)\/.+/

/** One line a request: no query, no tokens, no health checks. */
export function requestLog(log: Log) {
  return createMiddleware<WebEnv>(async (c, next) => {
    const startedAt = performance.now()
    await next()
    log.info(
      {
        method: c.req.method,
        path: c.req.path.replace(SECRET_TAILS, "$1/…"),
        status: c.res.status,
        ms: Math.round(performance.now() - startedAt),
        client: c.var.clientAddress,
        requestId: c.var.requestId,
      },
      "request",
    )
  })
}
