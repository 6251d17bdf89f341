import { createHmac, randomBytes, timingSafeEqual } from "node:crypto"
import { getCookie, setCookie } from "hono/cookie"
import { createMiddleware } from "hono/factory"
import type { App } from "#app.ts"
import { AppError } from "#platform/errors.ts"
import type { WebContext, WebEnv } from "../context.ts"
import { cookieName, cookieOptions, isSecure } from "./cookies.ts"

const SALT_BYTES = 8
const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"])

/**
 * Puts the form token into `c.var.csrf` and refuses a writing request that does not carry it, or that a browser says
 * comes from another site. The token is bound to the session; before log-in to a cookie of its own, so that
 * nobody can be logged in to a stranger's account.
 */
export function csrfProtection(app: Pick<App, "config">) {
  return createMiddleware<WebEnv>(async (c, next) => {
    const isWrite = !SAFE_METHODS.has(c.req.method)
    const seed = c.var.sessionToken ?? anonymousSeed(app, c, !isWrite)
    c.set("csrf", csrfToken(app.config["system.secret-key"], seed))
    if (isWrite) {
      if (!isSameOrigin(c, app.config["system.url-prefix"])) throw staleForm()
      const { csrf: field } = await c.req.parseBody()
      const given = c.req.header("x-csrf-token") ?? (typeof field === "string" ? field : "")
      if (!isCsrfToken(app.config["system.secret-key"], seed, given)) throw staleForm()
    }
    await next()
  })
}

/** Salted, so that a compressed page never shows the same secret twice. */
export function csrfToken(secretKey: string, seed: string): string {
  const salt = randomBytes(SALT_BYTES).toString("hex")
  return `${salt}.${signature(secretKey, seed, salt)}`
}

function isCsrfToken(secretKey: string, seed: string, token: string): boolean {
  const [salt = "", given = ""] = token.split(".", 2)
  if (seed === "" || salt.length !== SALT_BYTES * 2) return false
  const expected = Buffer.from(signature(secretKey, seed, salt))
  const actual = Buffer.from(given)
  return actual.length === expected.length && timingSafeEqual(actual, expected)
}

function signature(secretKey: string, seed: string, salt: string): string {
  return createHmac("sha256", secretKey).update(`csrf\n${seed}\n${salt}`).digest("base64url")
}

function anonymousSeed(app: Pick<App, "config">, c: WebContext, mayMake: boolean): string {
  const name = cookieName(app.config, "visitor")
  const known = getCookie(c, name)
  if (known || !mayMake) return known ?? ""
  const seed = randomBytes(16).toString("base64url")
  setCookie(c, name, seed, cookieOptions(app.config))
  return seed
}

/**
 * Browsers tell where a request comes from; a client that tells nothing still needs the token. "null" tells nothing: a
 * page without a referrer policy of its own sends it too.
 */
function isSameOrigin(c: WebContext, urlPrefix: string): boolean {
  const site = c.req.header("sec-fetch-site")
  if (site && site !== "same-origin" && site !== "none") return false
  const origin = c.req.header("origin")
  if (!origin || origin === "null") return true
  if (isSecure({ "system.url-prefix": urlPrefix })) return origin === new URL(urlPrefix).origin
  return URL.canParse(origin) && new URL(origin).host === c.req.header("host")
}

function staleForm(): AppError {
  return new AppError(
    "forbidden",
    "This form is too old, or was not sent from this site. Go back, reload the page and send it again.",
  )
}
