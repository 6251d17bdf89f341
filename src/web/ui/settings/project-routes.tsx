import { Hono } from "hono"
import { listTeams } from "#accounts/organizations/teams-store.ts"
import { can } from "#accounts/users/viewer.ts"
import type { App } from "#app.ts"
import { countProjectContents } from "#projects/overview-store.ts"
import { changeProject, removeProject } from "#projects/projects.ts"
import { getProject, listProjectTeams, type Project } from "#projects/store.ts"
import { urls } from "#urls.ts"
import type { WebContext, WebEnv } from "../../context.ts"
import { requireOrganization, requireScope } from "../../middleware/access.ts"
import { actorIn } from "../actor-in.ts"
import type { FieldErrors } from "../components/forms/form.tsx"
import { setFlash } from "../flash.ts"
import { formErrors, readForm, unknownAction } from "../form-data.ts"
import { shellOf } from "../shell.ts"
import { checkConfirmed } from "./confirmed.ts"
import { ProjectDangerPage } from "./project-danger-page.tsx"
import { formOf, readProjectForm, settingsIn } from "./project-form.ts"
import { type ProjectForm, ProjectGeneralPage } from "./project-general-page.tsx"

const GENERAL = "/settings/:org/projects/:project/"
const DANGER = "/settings/:org/projects/:project/danger/"

export function projectSettingsRoutes(app: App): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()
  const canRead = requireScope("project:read")

  routes.get(GENERAL, requireOrganization, canRead, async (c) =>
    c.html(await generalPage(app, c, await projectIn(app, c), {})),
  )
  routes.post(GENERAL, requireOrganization, requireScope("project:write"), (c) => save(app, c))

  routes.get(DANGER, requireOrganization, canRead, async (c) =>
    c.html(await dangerPage(app, c, await projectIn(app, c))),
  )
  routes.post(DANGER, requireOrganization, requireScope("project:admin"), (c) => remove(app, c))

  return routes
}

/** The project in the path; only of the organization in the path. */
export function projectIn(app: App, c: WebContext): Promise<Project> {
  return getProject(app.sql, c.var.membership.organizationId, c.req.param("project") ?? "")
}

type Extras = { form?: ProjectForm; errors?: FieldErrors }

async function generalPage(app: App, c: WebContext, project: Project, extras: Extras) {
  const { membership } = c.var
  const teams = await listTeams(app.sql, membership.organizationId)
  const form = extras.form ?? formOf(project, await listProjectTeams(app.sql, project.id))
  return (
    <ProjectGeneralPage
      shell={shellOf(app, c)}
      organization={membership}
      project={project}
      teams={teams.map((team) => team.slug)}
      canWrite={can(membership, "project:write")}
      {...extras}
      form={form}
    />
  )
}

async function save(app: App, c: WebContext) {
  const project = await projectIn(app, c)
  const form = readProjectForm(await readForm(c))
  const errors = await formErrors(async () => {
    const settings = settingsIn(form)
    await app.sql.begin((tx) => changeProject(tx, actorIn(c), project, { ...form, settings }))
  })
  if (errors) return c.html(await generalPage(app, c, project, { form, errors }), 422)
  setFlash(app, c, { tone: "success", text: "Saved." })
  return c.redirect(urls.projectSettings(c.var.membership.slug, form.slug), 303)
}

async function dangerPage(app: App, c: WebContext, project: Project, errors: FieldErrors = {}) {
  const { membership } = c.var
  return (
    <ProjectDangerPage
      shell={shellOf(app, c)}
      organization={membership}
      project={project}
      contents={await countProjectContents(app.sql, project.id)}
      canDelete={can(membership, "project:admin")}
      errors={errors}
    />
  )
}

async function remove(app: App, c: WebContext) {
  const project = await projectIn(app, c)
  const form = await readForm(c)
  if (form.text("action") !== "delete") return unknownAction()
  const errors = await formErrors(async () => {
    checkConfirmed(form, project.slug)
    await app.sql.begin((tx) => removeProject(app, tx, actorIn(c), project))
  })
  if (errors) return c.html(await dangerPage(app, c, project, errors), 422)
  setFlash(app, c, { tone: "success", text: `${project.name} is being deleted.` })
  return c.redirect(urls.projects(c.var.membership.slug), 303)
}
