import { Hono } from "hono"
import type { App } from "#app.ts"
import { urls } from "#urls.ts"
import type { WebEnv } from "../../context.ts"
import { requireSuperuser } from "../../middleware/access.ts"
import { shellOf } from "../shell.ts"
import { StyleGuidePage } from "./style-guide-page.tsx"

export function styleGuideRoutes(app: App): Hono<WebEnv> {
  return new Hono<WebEnv>().get(urls.styleGuide(), requireSuperuser, (c) =>
    c.html(<StyleGuidePage shell={shellOf(app, c)} />),
  )
}
