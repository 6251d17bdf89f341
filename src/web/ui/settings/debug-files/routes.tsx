import { Hono } from "hono"
import { can } from "#accounts/users/viewer.ts"
import type { App } from "#app.ts"
import { publicAddress } from "#config.ts"
import { listRemappings } from "#maintenance/remap/remap-store.ts"
import { AppError } from "#platform/errors.ts"
import { removeDebugFile } from "#symbolication/debug-files/remove.ts"
import {
  countFailedUploads,
  findDebugFile,
  listDebugFiles,
} from "#symbolication/debug-files/store.ts"
import { urls } from "#urls.ts"
import type { WebContext, WebEnv } from "../../../context.ts"
import { checkScope, requireOrganization, requireScope } from "../../../middleware/access.ts"
import { actorIn } from "../../actor-in.ts"
import { setFlash } from "../../flash.ts"
import { type FormData, readForm, unknownAction } from "../../form-data.ts"
import { shellOf } from "../../shell.ts"
import { projectIn } from "../project-routes.tsx"
import { applyUploads } from "../uploads/apply-uploads.ts"
import { listPlace } from "../uploads/list-place.ts"
import { DebugFilesPage } from "./page.tsx"

const PATH = "/settings/:org/projects/:project/debug-symbols/"
const ID = /^\d{1,18}$/

export function debugFileRoutes(app: App): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()
  routes.get(PATH, requireOrganization, requireScope("project:read"), (c) => list(app, c))
  routes.post(PATH, requireOrganization, requireScope("project:releases"), (c) => act(app, c))
  return routes
}

async function list(app: App, c: WebContext) {
  const { membership } = c.var
  const project = await projectIn(app, c)
  const { text, asked, cut } = listPlace(c, urls.projectDebugFiles(membership.slug, project.slug))
  const { rows, previous, next } = cut(await listDebugFiles(app.sql, project.id, asked))
  const [run] = await listRemappings(app.sql, project.id, 1)
  return c.html(
    <DebugFilesPage
      shell={shellOf(app, c)}
      organization={membership}
      project={project}
      files={rows}
      failed={await countFailedUploads(app.sql, project.id)}
      text={text}
      previous={previous}
      next={next}
      canDelete={can(membership, "project:releases")}
      address={publicAddress(app.config)}
      run={run ?? null}
      canApply={can(membership, "project:write")}
    />,
  )
}

async function act(app: App, c: WebContext) {
  const form = await readForm(c)
  switch (form.text("action")) {
    case "delete":
      return remove(app, c, form)
    case "apply":
      return apply(app, c)
    default:
      return unknownAction()
  }
}

async function apply(app: App, c: WebContext) {
  const { membership } = c.var
  checkScope(membership, "project:write")
  const project = await projectIn(app, c)
  const path = urls.projectDebugFiles(membership.slug, project.slug)
  return applyUploads(app, c, project.id, path)
}

async function remove(app: App, c: WebContext, form: FormData) {
  const project = await projectIn(app, c)
  const id = form.text("id")
  const file = ID.test(id) ? await findDebugFile(app.sql, project.id, id) : null
  if (!file) throw new AppError("not_found", "There is no such debug file.")
  await app.sql.begin((tx) => removeDebugFile(tx, actorIn(c), project, file))
  setFlash(app, c, { tone: "success", text: "Debug file deleted." })
  return c.redirect(urls.projectDebugFiles(c.var.membership.slug, project.slug), 303)
}
