import { Hono } from "hono"
import { createOrganizationToken, createUserToken } from "#accounts/tokens/tokens.ts"
import type { App } from "#app.ts"
import { apiRoutes } from "#web/api/router.ts"
import { createPages } from "#web/server.ts"

export type ApiClient = {
  get(path: string, headers?: Record<string, string>): Promise<Response>
  put(path: string, body: unknown): Promise<Response>
  send(method: string, path: string, init?: RequestInit): Promise<Response>
}

/** A program that asks the Web API, with a bearer token or none. Paths are below /api/0. */
export function apiClient(app: App, token: string | null, address = "192.0.2.7"): ApiClient {
  const pages = createPages(app, { health: new Hono(), api: apiRoutes(app), ui: new Hono() })
  const authorization: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {}
  const send = async (method: string, path: string, init: RequestInit = {}) => {
    const headers = { host: "web:9000", ...authorization, ...init.headers }
    return pages.request(
      `http://web:9000/api/0${path}`,
      { ...init, method, headers },
      { remoteAddress: address },
    )
  }
  return {
    send,
    get: (path, headers = {}) => send("GET", path, { headers }),
    put: (path, body) =>
      send("PUT", path, {
        body: typeof body === "string" ? body : JSON.stringify(body),
        headers: { "content-type": "application/json" },
      }),
  }
}

export const ALL_SCOPES = ["org:admin", "project:admin", "event:admin", "team:admin"]

export function givenUserToken(
  app: App,
  userId: string,
  scopes: string[] = ALL_SCOPES,
  expiresAt: Date | null = null,
): Promise<string> {
  const token = { name: "test", scopes, expiresAt }
  return app.sql.begin((tx) => createUserToken(tx, { id: userId }, token, null)) as Promise<string>
}

export async function givenOrganizationToken(
  app: App,
  organization: { id: string; slug: string },
  scopes: string[],
): Promise<string> {
  const actor = { userId: null, role: "owner" as const, ip: null }
  const token = { name: "test", scopes, expiresAt: null }
  const made = await app.sql.begin((tx) =>
    createOrganizationToken(app, tx, actor, organization, token),
  )
  return made.token
}
