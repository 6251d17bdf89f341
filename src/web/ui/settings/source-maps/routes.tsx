import { Hono } from "hono"
import { can } from "#accounts/users/viewer.ts"
import type { App } from "#app.ts"
import { publicAddress } from "#config.ts"
import { listRemappings } from "#maintenance/remap/remap-store.ts"
import { AppError } from "#platform/errors.ts"
import { changeProjectSettings } from "#projects/projects.ts"
import { removeUpload } from "#symbolication/artifacts/remove-upload.ts"
import {
  findUpload,
  listUploadedFiles,
  listUploads,
} from "#symbolication/artifacts/upload-store.ts"
import { urls } from "#urls.ts"
import type { WebContext, WebEnv } from "../../../context.ts"
import { requireOrganization, requireScope } from "../../../middleware/access.ts"
import { actorIn } from "../../actor-in.ts"
import type { FieldErrors } from "../../components/forms/form.tsx"
import { setFlash } from "../../flash.ts"
import { type FormData, formErrors, readForm, unknownAction } from "../../form-data.ts"
import { shellOf } from "../../shell.ts"
import { projectIn } from "../project-routes.tsx"
import { applyUploads } from "../uploads/apply-uploads.ts"
import { listPlace } from "../uploads/list-place.ts"
import { SourceMapsPage } from "./list-page.tsx"
import { readScrapingForm, scrapingState } from "./scraping-form.ts"
import { UploadPage } from "./upload-page.tsx"

const LIST = "/settings/:org/projects/:project/source-maps/"
const UPLOAD = "/settings/:org/projects/:project/source-maps/:upload/"
const MAX_FILES = 500
const ID = /^\d{1,18}$/

export function sourceMapRoutes(app: App): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()
  const canRead = requireScope("project:read")
  routes.get(LIST, requireOrganization, canRead, async (c) => c.html(await list(app, c)))
  routes.post(LIST, requireOrganization, requireScope("project:write"), (c) => change(app, c))
  routes.get(UPLOAD, requireOrganization, canRead, (c) => show(app, c))
  routes.post(UPLOAD, requireOrganization, requireScope("project:releases"), (c) => act(app, c))
  return routes
}

async function list(app: App, c: WebContext, errors: FieldErrors = {}) {
  const { membership } = c.var
  const project = await projectIn(app, c)
  const { text, asked, cut } = listPlace(c, urls.projectSourceMaps(membership.slug, project.slug))
  const { rows, previous, next } = cut(await listUploads(app.sql, project.id, asked))
  const [run] = await listRemappings(app.sql, project.id, 1)
  return (
    <SourceMapsPage
      shell={shellOf(app, c)}
      organization={membership}
      project={project}
      uploads={rows}
      text={text}
      previous={previous}
      next={next}
      address={publicAddress(app.config)}
      run={run ?? null}
      canApply={can(membership, "project:write")}
      scraping={scrapingState(app, project.settings)}
      errors={errors}
    />
  )
}

async function change(app: App, c: WebContext) {
  const form = await readForm(c)
  switch (form.text("action")) {
    case "apply":
      return apply(app, c)
    case "scraping":
      return changeScraping(app, c, form)
    default:
      return unknownAction()
  }
}

async function changeScraping(app: App, c: WebContext, form: FormData) {
  const project = await projectIn(app, c)
  if (!app.config["sourcemaps.scrape"]) {
    throw new AppError("forbidden", "This installation does not allow fetching from the web.")
  }
  const errors = await formErrors(async () => {
    const scraping = readScrapingForm(app, project.settings.scraping, form)
    await app.sql.begin((tx) => changeProjectSettings(tx, actorIn(c), project, { scraping }))
  })
  if (errors) return c.html(await list(app, c, errors), 422)
  setFlash(app, c, { tone: "success", text: "Saved. It takes effect within ten seconds." })
  return c.redirect(`${urls.projectSourceMaps(c.var.membership.slug, project.slug)}#scraping`, 303)
}

async function apply(app: App, c: WebContext) {
  const project = await projectIn(app, c)
  const path = urls.projectSourceMaps(c.var.membership.slug, project.slug)
  return applyUploads(app, c, project.id, path)
}

async function uploadIn(app: App, c: WebContext) {
  const project = await projectIn(app, c)
  const id = c.req.param("upload") ?? ""
  const upload = ID.test(id) ? await findUpload(app.sql, project.id, id) : null
  if (!upload) throw new AppError("not_found", "There is no such upload.")
  return { project, upload }
}

async function show(app: App, c: WebContext) {
  const { project, upload } = await uploadIn(app, c)
  const files = await listUploadedFiles(app.sql, upload.id, {
    text: "",
    limit: MAX_FILES,
    offset: 0,
  })
  return c.html(
    <UploadPage
      shell={shellOf(app, c)}
      organization={c.var.membership}
      project={project}
      upload={upload}
      files={files}
      canDelete={can(c.var.membership, "project:releases")}
    />,
  )
}

async function act(app: App, c: WebContext) {
  const { project, upload } = await uploadIn(app, c)
  if ((await readForm(c)).text("action") !== "delete") return unknownAction()
  await app.sql.begin((tx) => removeUpload(tx, actorIn(c), project, upload))
  setFlash(app, c, { tone: "success", text: "Upload deleted." })
  return c.redirect(urls.projectSourceMaps(c.var.membership.slug, project.slug), 303)
}
