import { Hono } from "hono"
import type { App } from "#app.ts"
import { ingestPrefix } from "#config.ts"
import { listProjectKeys } from "#projects/keys-store.ts"
import { keyAddresses } from "#urls.ts"
import type { WebEnv } from "../../../context.ts"
import { requireOrganization, requireScope } from "../../../middleware/access.ts"
import { shellOf } from "../../shell.ts"
import { projectIn } from "../project-routes.tsx"
import { LoaderPage } from "./loader-page.tsx"

export function loaderRoutes(app: App): Hono<WebEnv> {
  const path = "/settings/:org/projects/:project/loader-script/"
  return new Hono<WebEnv>().get(
    path,
    requireOrganization,
    requireScope("project:read"),
    async (c) => {
      const project = await projectIn(app, c)
      const keys = await listProjectKeys(app.sql, project.id)
      const prefix = ingestPrefix(app.config)
      return c.html(
        <LoaderPage
          shell={shellOf(app, c)}
          organization={c.var.membership}
          project={project}
          keys={keys
            .filter(({ isActive }) => isActive)
            .map((key) => ({ ...key, src: keyAddresses(prefix, key).loader }))}
          origin={new URL(prefix).origin}
        />,
      )
    },
  )
}
