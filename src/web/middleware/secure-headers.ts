import { createMiddleware } from "hono/factory"
import type { Config } from "#config.ts"
import type { WebEnv } from "../context.ts"
import { isSecure } from "./cookies.ts"

/** The one policy of every answer: nothing inline, nothing from elsewhere. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ")

const HEADERS = {
  "Content-Security-Policy": CONTENT_SECURITY_POLICY,
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  // Never tells another site which issue one came from, and lets browsers name our origin on our own forms.
  "Referrer-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

const TWO_YEARS_SECONDS = 63_072_000

export function secureHeaders(config: Pick<Config, "system.url-prefix">) {
  return createMiddleware<WebEnv>(async (c, next) => {
    await next()
    // An answer that must not even be a page says so itself.
    const own = c.res.headers.get("Content-Security-Policy")
    for (const [name, value] of Object.entries(HEADERS)) c.res.headers.set(name, value)
    if (own) c.res.headers.set("Content-Security-Policy", own)
    if (isSecure(config)) {
      c.res.headers.set("Strict-Transport-Security", `max-age=${TWO_YEARS_SECONDS}`)
    }
  })
}
