import { Hono } from "hono"
import { startSession } from "#accounts/users/sessions.ts"
import type { App } from "#app.ts"
import { cookieName } from "#web/middleware/cookies.ts"
import { csrfToken } from "#web/middleware/csrf.ts"
import { createPages } from "#web/server.ts"
import { uiRoutes } from "#web/ui/router.ts"

export type SignedIn = {
  cookie: string
  csrf: string
  get(path: string, headers?: Record<string, string>): Promise<Response>
  /** Posts a form with its token; a field may come more than once. */
  post(
    path: string,
    fields: readonly (readonly [string, string])[],
    headers?: Record<string, string>,
  ): Promise<Response>
}

/** The pages as web serves them, seen by one user with a session of their own. */
export async function signIn(app: App, userId: string): Promise<SignedIn> {
  const pages = createPages(app, { health: new Hono(), api: new Hono(), ui: uiRoutes(app) })
  const token = await startSession(app, app.sql, userId, { ip: "127.0.0.1", userAgent: "test" })
  const cookie = `${cookieName(app.config, "session")}=${token}`
  const csrf = csrfToken(app.config["system.secret-key"], token)
  const { host } = new URL(app.config["system.url-prefix"])
  const send = async (path: string, init: RequestInit) =>
    pages.request(
      path,
      { ...init, headers: { host, cookie, ...init.headers } },
      { remoteAddress: "127.0.0.1" },
    )
  return {
    cookie,
    csrf,
    get: (path, headers = {}) => send(path, { headers }),
    post: (path, fields, headers = {}) => {
      const body = new URLSearchParams([
        ["csrf", csrf],
        ...fields.map(([name, value]) => [name, value]),
      ])
      return send(path, { method: "POST", body, headers })
    },
  }
}
