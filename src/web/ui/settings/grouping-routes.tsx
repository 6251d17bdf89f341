import { Hono } from "hono"
import { can } from "#accounts/users/viewer.ts"
import type { App } from "#app.ts"
import { takeDiscardBack } from "#issues/deleting.ts"
import { listTombstones } from "#issues/deleting-store.ts"
import { urls } from "#urls.ts"
import type { WebContext, WebEnv } from "../../context.ts"
import { requireOrganization, requireScope } from "../../middleware/access.ts"
import { actorIn } from "../actor-in.ts"
import { setFlash } from "../flash.ts"
import { type FormData, readForm, unknownAction } from "../form-data.ts"
import { shellOf } from "../shell.ts"
import { GroupingPage } from "./grouping-page.tsx"
import { projectIn } from "./project-routes.tsx"

const PAGE = "/settings/:org/projects/:project/issue-grouping/"
const MAX_TOMBSTONES = 200

export function groupingRoutes(app: App): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get(PAGE, requireOrganization, requireScope("project:read"), (c) => show(app, c))
    .post(PAGE, requireOrganization, requireScope("project:write"), (c) => act(app, c))
}

async function show(app: App, c: WebContext) {
  const project = await projectIn(app, c)
  const { membership } = c.var
  return c.html(
    <GroupingPage
      shell={shellOf(app, c)}
      organization={membership}
      project={project}
      tombstones={await listTombstones(app.sql, project.id, MAX_TOMBSTONES)}
      canWrite={can(membership, "project:write")}
    />,
  )
}

async function act(app: App, c: WebContext) {
  const form = await readForm(c)
  if (form.text("action") === "undiscard") return undiscard(app, c, form)
  return unknownAction()
}

async function undiscard(app: App, c: WebContext, form: FormData) {
  const project = await projectIn(app, c)
  const tombstoneId = form.text("tombstone")
  const title = /^\d{1,18}$/.test(tombstoneId)
    ? await takeDiscardBack(app, {
        organizationId: project.organizationId,
        projectId: project.id,
        tombstoneId,
        actor: actorIn(c),
      })
    : null
  setFlash(app, c, {
    tone: title === null ? "info" : "success",
    text: title === null ? "It was taken back already." : `“${title}” makes issues again.`,
  })
  return c.redirect(urls.projectGrouping(c.var.membership.slug, project.slug), 303)
}
