import { Hono } from "hono"
import { changeOrganizationLimits } from "#accounts/organizations/rate-limits.ts"
import { findOrganizationLimits } from "#accounts/organizations/rate-limits-store.ts"
import { can } from "#accounts/users/viewer.ts"
import type { App } from "#app.ts"
import { LIMITED_CATEGORIES } from "#options/limits.ts"
import { changeProjectLimits } from "#projects/rate-limits.ts"
import { findProjectLimits } from "#projects/rate-limits-store.ts"
import type { Project } from "#projects/store.ts"
import { listProjects } from "#projects/store.ts"
import { countHoursReached } from "#stats/limit-store.ts"
import { urls } from "#urls.ts"
import type { WebContext, WebEnv } from "../../../context.ts"
import { requireOrganization, requireScope } from "../../../middleware/access.ts"
import { actorIn } from "../../actor-in.ts"
import type { FieldErrors } from "../../components/forms/form.tsx"
import { setFlash } from "../../flash.ts"
import { formErrors, readForm, unknownAction } from "../../form-data.ts"
import { shellOf } from "../../shell.ts"
import { OrganizationLayout } from "../organization-layout.tsx"
import { ProjectLayout } from "../project-layout.tsx"
import { projectIn } from "../project-routes.tsx"
import { LimitsCard, type LimitsForm, limitsFormOf, limitsIn, readLimitsForm } from "./form.tsx"

const OF_PROJECT = "/settings/:org/projects/:project/rate-limits/"
const OF_ORGANIZATION = "/settings/:org/rate-limits/"
const WEEK_MS = 7 * 86_400_000
export const SAVED = "Saved. It takes effect within a minute or two."

/** How much a project and an organization may send; a key's limits are on the key's page. */
export function limitRoutes(app: App): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()

  routes.get(OF_PROJECT, requireOrganization, requireScope("project:read"), async (c) => {
    const project = await projectIn(app, c)
    return c.html(await projectPage(app, c, project, {}))
  })
  routes.post(OF_PROJECT, requireOrganization, requireScope("project:write"), (c) =>
    saveOfProject(app, c),
  )
  routes.get(OF_ORGANIZATION, requireOrganization, requireScope("org:read"), async (c) =>
    c.html(await organizationPage(app, c, {})),
  )
  routes.post(OF_ORGANIZATION, requireOrganization, requireScope("org:write"), (c) =>
    saveOfOrganization(app, c),
  )
  return routes
}

type Extras = { form?: LimitsForm; errors?: FieldErrors }

async function projectPage(app: App, c: WebContext, project: Project, extras: Extras) {
  const { membership } = c.var
  const shell = shellOf(app, c)
  return (
    <ProjectLayout shell={shell} organization={membership} project={project} page="limits">
      <LimitsCard
        title="Limits of this project"
        action="save"
        csrf={shell.csrf}
        categories={LIMITED_CATEGORIES}
        form={extras.form ?? limitsFormOf(await findProjectLimits(app.sql, project.id))}
        hoursReached={await hoursReached(app, [project.id], "project_quota")}
        canWrite={can(membership, "project:write")}
        writers="Admins of the organization"
        errors={extras.errors}
      />
    </ProjectLayout>
  )
}

async function saveOfProject(app: App, c: WebContext) {
  const project = await projectIn(app, c)
  const data = await readForm(c)
  if (data.text("action") !== "save") return unknownAction()
  const form = readLimitsForm(data)
  const errors = await formErrors(() => {
    const limits = limitsIn(form)
    return app.sql.begin((tx) => changeProjectLimits(tx, actorIn(c), project, limits))
  })
  if (errors) return c.html(await projectPage(app, c, project, { form, errors }), 422)
  setFlash(app, c, { tone: "success", text: SAVED })
  return c.redirect(urls.projectLimits(c.var.membership.slug, project.slug), 303)
}

async function organizationPage(app: App, c: WebContext, extras: Extras) {
  const { membership } = c.var
  const { organizationId } = membership
  const shell = shellOf(app, c)
  const projects = await listProjects(app.sql, organizationId)
  const ids = projects.map(({ id }) => id)
  return (
    <OrganizationLayout shell={shell} organization={membership} page="limits">
      <LimitsCard
        title="Limits of all projects together"
        action="save"
        csrf={shell.csrf}
        categories={LIMITED_CATEGORIES}
        form={extras.form ?? limitsFormOf(await findOrganizationLimits(app.sql, organizationId))}
        hoursReached={await hoursReached(app, ids, "organization_quota")}
        canWrite={can(membership, "org:write")}
        writers="Managers and owners"
        errors={extras.errors}
      />
    </OrganizationLayout>
  )
}

async function saveOfOrganization(app: App, c: WebContext) {
  const { organizationId, slug } = c.var.membership
  const data = await readForm(c)
  if (data.text("action") !== "save") return unknownAction()
  const form = readLimitsForm(data)
  const errors = await formErrors(() => {
    const limits = limitsIn(form)
    return app.sql.begin((tx) => changeOrganizationLimits(tx, actorIn(c), organizationId, limits))
  })
  if (errors) return c.html(await organizationPage(app, c, { form, errors }), 422)
  setFlash(app, c, { tone: "success", text: SAVED })
  return c.redirect(urls.organizationLimits(slug), 303)
}

function hoursReached(app: App, projectIds: readonly string[], reason: string) {
  const since = new Date(app.clock.now().getTime() - WEEK_MS)
  return countHoursReached(app.sql, { projectIds, reason, since })
}
