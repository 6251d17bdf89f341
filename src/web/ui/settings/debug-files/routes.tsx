import { Hono } from "hono"
import { can } from "#accounts/users/viewer.ts"
import type { App } from "#app.ts"
import { publicAddress } from "#config.ts"
import { startRemapping } from "#maintenance/remap/remap.ts"
import { listRemappings } from "#maintenance/remap/remap-store.ts"
import { AppError } from "#platform/errors.ts"
import { removeDebugFile } from "#symbolication/debug-files/remove.ts"
import {
  countFailedUploads,
  findDebugFile,
  listDebugFiles,
} from "#symbolication/debug-files/store.ts"
import { urls } from "#urls.ts"
import { viewerOf, type WebContext, type WebEnv } from "../../../context.ts"
import { checkScope, requireOrganization, requireScope } from "../../../middleware/access.ts"
import { actorIn } from "../../actor-in.ts"
import { setFlash } from "../../flash.ts"
import { type FormData, readForm, unknownAction } from "../../form-data.ts"
import { shellOf } from "../../shell.ts"
import { projectIn } from "../project-routes.tsx"
import { DebugFilesPage } from "./page.tsx"

const PATH = "/settings/:org/projects/:project/debug-symbols/"
const PER_PAGE = 50
const MAX_PAGES = 1000
const MAX_TEXT_CHARACTERS = 200
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
  const text = (c.req.query("query") ?? "").trim().slice(0, MAX_TEXT_CHARACTERS)
  const page = Math.min(Math.max(1, Math.trunc(Number(c.req.query("page"))) || 1), MAX_PAGES)
  const place = { limit: PER_PAGE + 1, offset: (page - 1) * PER_PAGE }
  const found = await listDebugFiles(app.sql, project.id, { text, ...place })
  const [run] = await listRemappings(app.sql, project.id, 1)
  const href = (number: number) => {
    const query = new URLSearchParams({ ...(text && { query: text }), page: String(number) })
    return `${urls.projectDebugFiles(membership.slug, project.slug)}?${query}`
  }
  return c.html(
    <DebugFilesPage
      shell={shellOf(app, c)}
      organization={membership}
      project={project}
      files={found.slice(0, PER_PAGE)}
      failed={await countFailedUploads(app.sql, project.id)}
      text={text}
      previous={page > 1 ? href(page - 1) : null}
      next={found.length > PER_PAGE ? href(page + 1) : null}
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
  await startRemapping(app, project.id, viewerOf(c).user.id)
  const text = "It starts within half a minute and goes on by itself."
  setFlash(app, c, { tone: "success", text })
  return c.redirect(`${urls.projectDebugFiles(membership.slug, project.slug)}#apply`, 303)
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
