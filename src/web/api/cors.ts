import { createMiddleware } from "hono/factory"
import type { ApiEnv } from "./caller.ts"

/** Any site may ask with a token of its own; nothing here allows credentials, so cookies are never sent along. */
const HEADERS = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE, OPTIONS",
  "Access-Control-Max-Age": "3600",
  "Access-Control-Allow-Headers":
    "X-Sentry-Auth, X-Requested-With, Origin, Accept, Content-Type, Authentication, Authorization, " +
    "Content-Encoding, sentry-trace, baggage, X-CSRFToken",
  "Access-Control-Expose-Headers":
    "X-Sentry-Error, X-Sentry-Direct-Hit, X-Hits, X-Max-Hits, Endpoint, Retry-After, Link",
}

export const cors = createMiddleware<ApiEnv>(async (c, next) => {
  if (c.req.method === "OPTIONS") c.res = c.body(null, 200)
  else await next()
  for (const [name, value] of Object.entries(HEADERS)) c.res.headers.set(name, value)
  c.res.headers.set("Cache-Control", "no-store")
})
