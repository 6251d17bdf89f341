import { Hono } from "hono"
import type { App } from "#app.ts"
import { cookieName } from "#web/middleware/cookies.ts"
import { csrfToken } from "#web/middleware/csrf.ts"
import { createPages } from "#web/server.ts"
import { uiRoutes } from "#web/ui/router.ts"

export type Visitor = {
  cookies: Map<string, string>
  get(path: string, headers?: Record<string, string>): Promise<Response>
  /** Posts a form as a browser that has the page open: with the token of its session. A list is a field that repeats. */
  post(
    path: string,
    fields?: Record<string, string | string[]>,
    headers?: Record<string, string>,
  ): Promise<Response>
  logIn(email: string, password: string): Promise<Response>
}

/** Somebody with a browser that keeps cookies, coming from `address`. */
export function visitorOf(app: App, { address = "127.0.0.1" } = {}): Visitor {
  const pages = createPages(app, { health: new Hono(), ui: uiRoutes(app) })
  const cookies = new Map<string, string>()
  const { host } = new URL(app.config["system.url-prefix"])

  async function send(path: string, init: RequestInit): Promise<Response> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ")
    const headers = { host, cookie, "user-agent": "Firefox/140 Linux", ...init.headers }
    const response = await pages.request(path, { ...init, headers }, { remoteAddress: address })
    for (const line of response.headers.getSetCookie()) remember(line)
    return response
  }

  function remember(line: string): void {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    if (/max-age=0/i.test(line)) cookies.delete(name)
    else cookies.set(name, decodeURIComponent(value))
  }

  async function token(): Promise<string> {
    const session = cookies.get(cookieName(app.config, "session"))
    if (!session && !cookies.has(cookieName(app.config, "visitor"))) await send("/auth/login/", {})
    const seed = session ?? cookies.get(cookieName(app.config, "visitor")) ?? ""
    return csrfToken(app.config["system.secret-key"], seed)
  }

  const visitor: Visitor = {
    cookies,
    get: (path, headers = {}) => send(path, { headers }),
    async post(path, fields = {}, headers = {}) {
      const body = new URLSearchParams()
      for (const [name, value] of Object.entries({ csrf: await token(), ...fields })) {
        for (const each of [value].flat()) body.append(name, each)
      }
      return send(path, { method: "POST", body, headers })
    },
    logIn: (email, password) => visitor.post("/auth/login/", { email, password }),
  }
  return visitor
}
