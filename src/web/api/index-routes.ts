import { Hono } from "hono"
import type { App } from "#app.ts"
import { examine } from "../health.ts"
import type { ApiEnv } from "./caller.ts"
import { serializeUser } from "./users/serialize.ts"

/** What clients ask before anything else: does it answer, and who am I. */
export function indexRoutes(app: App): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>()
  routes.get("/", (c) => {
    const { caller } = c.var
    const scopes = caller?.tokenScopes
    return c.json({
      version: "0",
      auth: scopes ? { scopes } : null,
      user: caller?.user ? serializeUser(caller.user) : null,
    })
  })
  /** Terraform refuses to begin without a 200; strangers learn no more than that. */
  routes.get("/internal/health/", async (c) => {
    if (!c.var.caller?.user?.isSuperuser) return c.json({ problems: [], healthy: {} })
    return c.json(await examine(app))
  })
  return routes
}
