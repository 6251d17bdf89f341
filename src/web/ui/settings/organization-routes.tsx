import { Hono } from "hono"
import { listAuditEntries } from "#accounts/audit-store.ts"
import { changeOrganization, removeOrganization } from "#accounts/organizations/organizations.ts"
import { isRole } from "#accounts/organizations/roles.ts"
import { getOrganization } from "#accounts/organizations/store.ts"
import { can } from "#accounts/users/viewer.ts"
import type { App } from "#app.ts"
import { AppError } from "#platform/errors.ts"
import { listProjects } from "#projects/store.ts"
import { urls } from "#urls.ts"
import type { WebContext, WebEnv } from "../../context.ts"
import { checkScope, requireOrganization, requireScope } from "../../middleware/access.ts"
import { actorIn } from "../actor-in.ts"
import type { FieldErrors } from "../components/forms/form.tsx"
import { setFlash } from "../flash.ts"
import { type FormData, formErrors, readForm, unknownAction } from "../form-data.ts"
import { shellOf } from "../shell.ts"
import { AuditLogPage } from "./audit-log-page.tsx"
import { checkConfirmed } from "./confirmed.ts"
import { OrganizationGeneralPage } from "./organization-general-page.tsx"

const GENERAL = "/settings/:org/"
const AUDIT_LOG = "/settings/:org/audit-log/"
const AUDIT_PAGE_SIZE = 50

export function organizationSettingsRoutes(app: App): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()
  const canRead = requireScope("org:read")

  routes.get(GENERAL, requireOrganization, canRead, async (c) =>
    c.html(await generalPage(app, c, {})),
  )
  routes.post(GENERAL, requireOrganization, requireScope("org:write"), async (c) => {
    const form = await readForm(c)
    switch (form.text("action")) {
      case "save":
        return save(app, c, form)
      case "delete":
        return remove(app, c, form)
      default:
        return unknownAction()
    }
  })

  routes.get(AUDIT_LOG, requireOrganization, requireScope("org:write"), async (c) => {
    const { membership } = c.var
    const cursor = c.req.query("cursor") ?? ""
    const found = await listAuditEntries(app.sql, membership.organizationId, {
      beforeId: /^\d{1,18}$/.test(cursor) ? cursor : null,
      limit: AUDIT_PAGE_SIZE + 1,
    })
    const entries = found.slice(0, AUDIT_PAGE_SIZE)
    const last = entries.at(-1)
    const path = urls.auditLog(membership.slug)
    return c.html(
      <AuditLogPage
        shell={shellOf(app, c)}
        organization={membership}
        entries={entries}
        previous={cursor === "" ? null : path}
        next={found.length > AUDIT_PAGE_SIZE && last ? `${path}?cursor=${last.id}` : null}
      />,
    )
  })

  return routes
}

type Extras = {
  form?: { name: string; slug: string; defaultRole: string }
  errors?: FieldErrors
  dangerErrors?: FieldErrors
}

async function generalPage(app: App, c: WebContext, extras: Extras) {
  const { membership } = c.var
  const organization = await getOrganization(app.sql, membership.slug)
  const projects = await listProjects(app.sql, organization.id)
  return (
    <OrganizationGeneralPage
      shell={shellOf(app, c)}
      organization={organization}
      form={organization}
      projectCount={projects.length}
      canWrite={can(membership, "org:write")}
      canDelete={can(membership, "org:admin")}
      {...extras}
    />
  )
}

async function save(app: App, c: WebContext, form: FormData) {
  const { membership } = c.var
  const asked = {
    name: form.text("name"),
    slug: form.text("slug"),
    defaultRole: form.text("defaultRole"),
  }
  const errors = await formErrors(() => {
    const { defaultRole } = asked
    if (!isRole(defaultRole) || defaultRole === "owner") {
      throw new AppError("invalid", "Choose a role.", { field: "defaultRole" })
    }
    return app.sql.begin((tx) =>
      changeOrganization(tx, actorIn(c), membership.organizationId, { ...asked, defaultRole }),
    )
  })
  if (errors) return c.html(await generalPage(app, c, { form: asked, errors }), 422)
  setFlash(app, c, { tone: "success", text: "Saved." })
  return c.redirect(urls.organizationSettings(asked.slug), 303)
}

async function remove(app: App, c: WebContext, form: FormData) {
  const { membership } = c.var
  checkScope(membership, "org:admin")
  const errors = await formErrors(async () => {
    checkConfirmed(form, membership.slug)
    await app.sql.begin((tx) => removeOrganization(app, tx, actorIn(c), membership.organizationId))
  })
  if (errors) return c.html(await generalPage(app, c, { dangerErrors: errors }), 422)
  setFlash(app, c, { tone: "success", text: `${membership.name} is being deleted.` })
  return c.redirect(urls.home(), 303)
}
