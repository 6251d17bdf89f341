import { Hono } from "hono"
import type { HtmlEscapedString } from "hono/utils/html"
import { changeOrganizationSettings } from "#accounts/organizations/organizations.ts"
import type { Scope } from "#accounts/organizations/roles.ts"
import { getOrganizationSettings } from "#accounts/organizations/store.ts"
import { can } from "#accounts/users/viewer.ts"
import type { App } from "#app.ts"
import { filtersOf } from "#normalize/filters/judge.ts"
import { checkScrub } from "#normalize/scrub/check.ts"
import type { OrganizationScrub } from "#normalize/scrub/layers.ts"
import type { ScrubSettings } from "#normalize/scrub.ts"
import { AppError } from "#platform/errors.ts"
import { changeProjectSettings } from "#projects/projects.ts"
import { scrubIn } from "#projects/scrubbing.ts"
import { projectSettingsOf } from "#projects/settings.ts"
import type { Project } from "#projects/store.ts"
import { urls } from "#urls.ts"
import type { WebContext, WebEnv } from "../../../context.ts"
import { checkScope, requireOrganization, requireScope } from "../../../middleware/access.ts"
import { actorIn } from "../../actor-in.ts"
import type { FieldErrors } from "../../components/forms/form.tsx"
import { setFlash } from "../../flash.ts"
import { type FormData, formErrors, readForm, unknownAction } from "../../form-data.ts"
import { shellOf } from "../../shell.ts"
import { readEventSample } from "../event-sample.ts"
import { projectIn } from "../project-routes.tsx"
import { findLatestEventId } from "./latest-event.ts"
import {
  OrganizationPrivacyPage,
  type PrivacyPageProps,
  ProjectPrivacyPage,
} from "./privacy-pages.tsx"
import {
  readScrubForm,
  type ScrubForm,
  scrubFormOf,
  scrubSettingsIn,
  withNewRule,
  withoutRule,
} from "./scrub-form.ts"
import { type ScrubTrial, tryScrubbing } from "./trial.ts"

const OF_PROJECT = "/settings/:org/projects/:project/security-and-privacy/"
const OF_ORGANIZATION = "/settings/:org/security-and-privacy/"
const SAVED = "Saved. It takes effect within ten seconds, for events that come from then on."

/** What is hidden in events: of a project, and of all projects of an organization. */
export function privacyRoutes(app: App): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()
  const reads = requireScope("project:read")
  routes.get(OF_PROJECT, requireOrganization, reads, async (c) =>
    c.html(pageOf(app, c, await projectDesk(app, c))),
  )
  routes.post(OF_PROJECT, requireOrganization, reads, async (c) =>
    act(app, c, await projectDesk(app, c)),
  )
  routes.get(OF_ORGANIZATION, requireOrganization, requireScope("org:read"), async (c) =>
    c.html(pageOf(app, c, await organizationDesk(app, c))),
  )
  routes.post(OF_ORGANIZATION, requireOrganization, requireScope("org:read"), async (c) =>
    act(app, c, await organizationDesk(app, c)),
  )
  return routes
}

/** Whose settings they are, and how they are kept and tried. */
type Desk = {
  saved: ScrubForm
  scope: Scope
  address: string
  page(props: PrivacyPageProps): HtmlEscapedString | Promise<HtmlEscapedString>
  /** Throws `invalid` for what cannot be kept. */
  save(settings: OrganizationScrub): Promise<void>
  /** What would be in force if these were saved. */
  inForce(settings: OrganizationScrub): ScrubSettings
  /** Where an id leads to an event; null: nowhere. */
  project: Project | null
}

async function projectDesk(app: App, c: WebContext): Promise<Desk> {
  const { membership } = c.var
  const { organizationId } = membership
  const project = await projectIn(app, c)
  const required = await getOrganizationSettings(app.sql, organizationId)
  return {
    project,
    saved: scrubFormOf(project.settings, app.config["ingest.scrub.defaults"]),
    scope: "project:write",
    address: urls.projectPrivacy(membership.slug, project.slug),
    page: (props) => <ProjectPrivacyPage {...props} project={project} required={required} />,
    save: (settings) =>
      app.sql.begin((tx) => changeProjectSettings(tx, actorIn(c), project, settings)),
    inForce: (settings) =>
      scrubIn(app.config, { organization: required, organizationId, project: settings }),
  }
}

async function organizationDesk(app: App, c: WebContext): Promise<Desk> {
  const { membership } = c.var
  const { organizationId } = membership
  const saved = await getOrganizationSettings(app.sql, organizationId)
  const project = projectSettingsOf({})
  return {
    project: null,
    saved: scrubFormOf(saved, false),
    scope: "org:write",
    address: urls.organizationPrivacy(membership.slug),
    page: (props) => <OrganizationPrivacyPage {...props} />,
    save: (settings) =>
      app.sql.begin((tx) => changeOrganizationSettings(tx, actorIn(c), organizationId, settings)),
    inForce: (settings) => scrubIn(app.config, { organization: settings, organizationId, project }),
  }
}

type Extras = { form?: ScrubForm; sample?: string; errors?: FieldErrors; trial?: ScrubTrial }

function pageOf(app: App, c: WebContext, desk: Desk, extras: Extras = {}) {
  const { membership } = c.var
  return desk.page({
    shell: shellOf(app, c),
    organization: membership,
    form: desk.saved,
    sample: "",
    canWrite: can(membership, desk.scope),
    ...extras,
  })
}

async function act(app: App, c: WebContext, desk: Desk) {
  const data = await readForm(c)
  const [action = "", index] = data.text("action").split("-")
  const sample = data.text("sample")
  if (action === "test") return tryOut(app, c, desk, { sample, data })
  if (!["save", "add", "remove"].includes(action)) return unknownAction()
  checkScope(c.var.membership, desk.scope)
  const form = readScrubForm(data)
  if (action === "save") return save(app, c, desk, { form, sample })
  const changed = action === "add" ? withNewRule(form) : withoutRule(form, Number(index))
  return c.html(pageOf(app, c, desk, { sample, form: changed }))
}

async function save(
  app: App,
  c: WebContext,
  desk: Desk,
  typed: { form: ScrubForm; sample: string },
) {
  const errors = await formErrors(async () => {
    const settings = scrubSettingsIn(typed.form)
    checkScrub(settings)
    await desk.save(settings)
  })
  if (errors) return c.html(pageOf(app, c, desk, { ...typed, errors }), 422)
  setFlash(app, c, { tone: "success", text: SAVED })
  return c.redirect(desk.address, 303)
}

/** With what stands in the form, whether it is saved or not; those who may not change it try what is in force. */
async function tryOut(
  app: App,
  c: WebContext,
  desk: Desk,
  { sample, data }: { sample: string; data: FormData },
) {
  const form = can(c.var.membership, desk.scope) ? readScrubForm(data) : desk.saved
  let trial: ScrubTrial | undefined
  const errors = await formErrors(async () => {
    const settings = scrubSettingsIn(form)
    checkScrub(settings)
    const event = await sampleOf(app, c, desk, sample)
    const filters = desk.project ? filtersOf(desk.project.settings.filters) : []
    trial = tryScrubbing(event, desk.inForce(settings), filters)
  })
  const extras = { form, sample, ...(errors && { errors }), ...(trial && { trial }) }
  return c.html(pageOf(app, c, desk, extras), errors ? 422 : 200)
}

async function sampleOf(app: App, c: WebContext, { project }: Desk, text: string) {
  const nobody = { id: "0" }
  if (!project || text !== "") return readEventSample(app, project ?? nobody, text, "")
  const { organizationId } = c.var.membership
  const id = await findLatestEventId(app.sql, { organizationId, projectId: project.id })
  if (id) return readEventSample(app, project, id, "")
  throw new AppError("invalid", "This project has no event yet. Paste one as JSON.", {
    field: "sample",
  })
}
