import type { App } from "#app.ts"
import { listMailDeliveries } from "#mail/store.ts"
import { AppError } from "#platform/errors.ts"
import { listProjects } from "#projects/store.ts"
import { viewerOf, type WebContext } from "../../context.ts"
import type { FieldErrors } from "../components/forms/form.tsx"
import { defaultDsn } from "../projects/dsn.ts"
import { FirstEventStatus } from "../projects/first-event.tsx"
import { firstEventState } from "../projects/first-event-state.ts"
import { AddressPage } from "./address-page.tsx"
import { stepPath } from "./advance.ts"
import { FirstEventPage } from "./event-page.tsx"
import { type MailForm, mailFormOf } from "./mail-form.ts"
import { MailPage, TestMail } from "./mail-page.tsx"
import { type FirstProjectForm, FirstProjectPage } from "./project-page.tsx"

export function addressPage(app: App, c: WebContext, address?: string, errors: FieldErrors = {}) {
  const { clientAddress, csrf } = c.var
  return (
    <AddressPage
      csrf={csrf}
      address={address ?? (app.config["system.url-prefix"] || ownAddress(c))}
      isRemote={!["127.0.0.1", "::1", ""].includes(clientAddress)}
      errors={errors}
    />
  )
}

/** What the browser has in its address bar, as far as one can tell from here; a suggestion. */
function ownAddress(c: WebContext): string {
  const scheme = c.req.header("x-forwarded-proto") === "https" ? "https" : "http"
  return `${scheme}://${c.req.header("host") ?? "localhost"}`
}

export async function mailPage(
  app: App,
  c: WebContext,
  form: MailForm = mailFormOf(app.config),
  errors: FieldErrors = {},
) {
  const mails = await listMailDeliveries(app.sql, 20)
  const test = mails.find(({ kind }) => kind === "test") ?? null
  if (test && c.req.query("part") === "test") return <TestMail test={test} />
  return (
    <MailPage
      csrf={c.var.csrf}
      form={form}
      hasPassword={app.config["mail.password"] !== ""}
      test={test}
      errors={errors}
    />
  )
}

const NO_PROJECT: FirstProjectForm = {
  organization: "",
  organizationSlug: "",
  project: "",
  projectSlug: "",
  platform: "",
}

export function projectPage(c: WebContext, form = NO_PROJECT, errors: FieldErrors = {}) {
  return <FirstProjectPage csrf={c.var.csrf} form={form} errors={errors} />
}

export async function eventPage(app: App, c: WebContext) {
  const { organization, project } = await newestProject(app, c)
  const state = await firstEventState(app, project, c.req.query("late") === "1")
  const status = (
    <FirstEventStatus
      org={organization.slug}
      project={project.name}
      state={state}
      path={stepPath("event")}
    />
  )
  if (c.req.query("part") === "first-event") return status
  const dsn = await defaultDsn(app, project.id)
  return <FirstEventPage csrf={c.var.csrf} project={project} dsn={dsn} status={status} />
}

/** The project that the wizard has just made. */
export async function newestProject(app: App, c: WebContext) {
  const [organization] = viewerOf(c).memberships
  const projects = organization ? await listProjects(app.sql, organization.organizationId) : []
  const [project] = projects.sort((a, b) => Number(b.id) - Number(a.id))
  if (organization && project) return { organization, project }
  throw new AppError("not_found", "There is no project yet.")
}
