import { Hono } from "hono"
import type { App } from "#app.ts"
import { publicAddress } from "#config.ts"
import { AppError } from "#platform/errors.ts"
import { type ApiContext, type ApiEnv, callerOf } from "../caller.ts"
import { serializeUser } from "./serialize.ts"

export function userRoutes(app: App): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>()
  routes.get("/auth/", showMe)
  routes.get("/users/me/", showMe)
  routes.get("/users/me/regions/", (c) => {
    callerOf(c)
    const url = publicAddress(app.config).replace(/\/$/, "")
    return c.json({ regions: [{ name: "self-hosted", url }] })
  })
  return routes
}

function showMe(c: ApiContext) {
  const { user } = callerOf(c)
  if (!user) throw new AppError("invalid", "An organization's token belongs to no user.")
  return c.json(serializeUser(user))
}
