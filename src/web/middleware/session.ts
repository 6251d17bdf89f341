import { deleteCookie, getCookie, setCookie } from "hono/cookie"
import { createMiddleware } from "hono/factory"
import { findViewer } from "#accounts/users/sessions.ts"
import type { App } from "#app.ts"
import type { WebContext, WebEnv } from "../context.ts"
import { cookieName, cookieOptions, isSecure } from "./cookies.ts"

/** Finds out who is behind a request and sets `viewer` and `sessionToken`. */
export function session(app: App) {
  return createMiddleware<WebEnv>(async (c, next) => {
    const token = getCookie(c, cookieName(app.config, "session")) ?? null
    const viewer = token ? await findViewer(app, token) : null
    c.set("viewer", viewer)
    c.set("sessionToken", viewer ? token : null)
    await next()
    // Strangers' pages too: they carry a form token and its cookie.
    c.res.headers.set("Cache-Control", "no-store")
  })
}

export function setSessionCookie(app: Pick<App, "config">, c: WebContext, token: string): void {
  setCookie(c, cookieName(app.config, "session"), token, {
    ...cookieOptions(app.config),
    maxAge: app.config["auth.session.max-age"],
  })
}

export function clearSessionCookie(app: Pick<App, "config">, c: WebContext): void {
  deleteCookie(c, cookieName(app.config, "session"), {
    path: "/",
    secure: isSecure(app.config),
  })
}
