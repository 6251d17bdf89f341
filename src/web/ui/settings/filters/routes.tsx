import { Hono } from "hono"
import { can } from "#accounts/users/viewer.ts"
import type { App } from "#app.ts"
import { filtersOf, judge } from "#normalize/filters/judge.ts"
import { isAddress } from "#normalize/interfaces/user.ts"
import { AppError } from "#platform/errors.ts"
import { changeFilters, checkFilters } from "#projects/filters.ts"
import type { Project } from "#projects/store.ts"
import { countFiltered } from "#stats/outcome-store.ts"
import { urls } from "#urls.ts"
import type { WebContext, WebEnv } from "../../../context.ts"
import { requireOrganization, requireScope } from "../../../middleware/access.ts"
import { actorIn } from "../../actor-in.ts"
import type { FieldErrors } from "../../components/forms/form.tsx"
import { setFlash } from "../../flash.ts"
import { formErrors, readForm, unknownAction } from "../../form-data.ts"
import { shellOf } from "../../shell.ts"
import { readEventSample } from "../event-sample.ts"
import { projectIn } from "../project-routes.tsx"
import { type FiltersForm, readFiltersForm } from "./form.ts"
import { FiltersPage } from "./page.tsx"
import type { FilterTrial } from "./trial.tsx"

const FILTERS = "/settings/:org/projects/:project/filters/data-filters/"
const DAYS_COUNTED = 30
const DAY_MS = 86_400_000

export function filterRoutes(app: App): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()
  routes.get(FILTERS, requireOrganization, requireScope("project:read"), async (c) => {
    const project = await projectIn(app, c)
    const { filters } = project.settings
    return c.html(await page(app, c, project, { filters, sample: "", clientAddress: "" }))
  })
  routes.post(FILTERS, requireOrganization, requireScope("project:write"), (c) => act(app, c))
  return routes
}

async function page(
  app: App,
  c: WebContext,
  project: Project,
  form: FiltersForm,
  extras: { errors?: FieldErrors; trial?: FilterTrial } = {},
) {
  const { membership } = c.var
  const from = new Date(app.clock.now().getTime() - DAYS_COUNTED * DAY_MS)
  return (
    <FiltersPage
      shell={shellOf(app, c)}
      organization={membership}
      project={project}
      counts={await countFiltered(app.sql, project.id, from)}
      canWrite={can(membership, "project:write")}
      form={form}
      {...extras}
    />
  )
}

async function act(app: App, c: WebContext) {
  const project = await projectIn(app, c)
  const data = await readForm(c)
  const form = readFiltersForm(data)
  switch (data.text("action")) {
    case "save":
      return save(app, c, project, form)
    case "test":
      return tryOut(app, c, project, form)
    default:
      return unknownAction()
  }
}

async function save(app: App, c: WebContext, project: Project, form: FiltersForm) {
  const errors = await formErrors(() =>
    app.sql.begin((tx) => changeFilters(tx, actorIn(c), project, form.filters)),
  )
  if (errors) return c.html(await page(app, c, project, form, { errors }), 422)
  setFlash(app, c, { tone: "success", text: "Saved. It takes effect within ten seconds." })
  return c.redirect(urls.projectFilters(c.var.membership.slug, project.slug), 303)
}

/** Judges with what stands in the form, whether it is saved or not. */
async function tryOut(app: App, c: WebContext, project: Project, form: FiltersForm) {
  let trial: FilterTrial | undefined
  const errors = await formErrors(async () => {
    checkFilters(form.filters)
    const { sample, clientAddress } = form
    checkAddress(clientAddress)
    const { event, ...about } = await readEventSample(app, project, sample, clientAddress)
    const sender = { clientAddress, isTransaction: about.isTransaction }
    trial = { ...about, verdict: judge(event, filtersOf(form.filters), sender) }
  })
  if (errors) return c.html(await page(app, c, project, form, { errors }), 422)
  return c.html(await page(app, c, project, form, trial && { trial }))
}

function checkAddress(text: string): void {
  if (text === "" || isAddress(text)) return
  throw new AppError("invalid", "This is no address.", { field: "clientAddress" })
}
