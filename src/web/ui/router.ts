import { Hono } from "hono"
import type { App } from "#app.ts"
import type { WebEnv } from "../context.ts"
import { issueDetailRoutes } from "./issues/detail/routes.tsx"
import { issueStreamRoutes } from "./issues/stream-routes.tsx"

/** The table of contents of the pages: one line a room. Each room's `routes.tsx` holds full paths. */
export function uiRoutes(app: App): Hono<WebEnv> {
  return new Hono<WebEnv>().route("/", issueStreamRoutes(app)).route("/", issueDetailRoutes(app))
}
