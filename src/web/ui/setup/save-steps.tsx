import type { Actor } from "#accounts/organizations/actor.ts"
import { createOrganization } from "#accounts/organizations/organizations.ts"
import { recordOptions } from "#accounts/record-options.ts"
import { updateSetupStep } from "#accounts/setup.ts"
import { slugOf } from "#accounts/slugs.ts"
import type { App } from "#app.ts"
import type { Tx } from "#platform/db.ts"
import { AppError } from "#platform/errors.ts"
import { isPlatform } from "#projects/platforms.ts"
import { createProject } from "#projects/projects.ts"
import { urls } from "#urls.ts"
import { viewerOf, type WebContext } from "../../context.ts"
import { setSessionCookie } from "../../middleware/session.ts"
import { formErrors, readForm, unknownAction } from "../form-data.ts"
import { queueTestMail } from "../manage/test-mail.ts"
import { advance, stepPath } from "./advance.ts"
import { readMailForm, saveMail } from "./mail-form.ts"
import type { FirstProjectForm } from "./project-page.tsx"
import { addressPage, mailPage, newestProject, projectPage } from "./step-pages.tsx"

export async function saveAddress(app: App, c: WebContext) {
  const typed = (await readForm(c)).text("address")
  const errors = await formErrors(async () => {
    const address = originOf(typed)
    await recordOptions(app.sql, app.config, { "system.url-prefix": address })
    // The cookie's name depends on the scheme: whoever sits here stays signed in.
    const next = { ...app.config, "system.url-prefix": address }
    setSessionCookie({ config: next }, c, c.var.sessionToken ?? "")
  })
  if (errors) return c.html(addressPage(app, c, typed, errors), 422)
  return c.redirect(await advance(app, "address", "mail"), 303)
}

function originOf(typed: string): string {
  const url = URL.canParse(typed) ? new URL(typed) : null
  if (!url || !["http:", "https:"].includes(url.protocol)) {
    throw new AppError("invalid", "Begin with http:// or https://.", { field: "address" })
  }
  if (url.pathname !== "/" || url.search || url.username) {
    throw new AppError("invalid", "Only scheme, name and port, without a path.", {
      field: "address",
    })
  }
  return url.origin
}

export async function saveMailStep(app: App, c: WebContext) {
  const data = await readForm(c)
  const action = data.text("action")
  if (action === "skip") {
    await recordOptions(app.sql, app.config, { "mail.backend": "dummy" })
    return c.redirect(await advance(app, "mail", "project"), 303)
  }
  if (action !== "save" && action !== "test") return unknownAction()
  const form = readMailForm(data)
  const errors = await formErrors(async () => {
    await saveMail(app, form, data.list("password")[0] ?? "")
    if (action === "test") await queueTestMail(app, c, viewerOf(c).user.email)
  })
  if (errors) return c.html(await mailPage(app, c, form, errors), 422)
  if (action === "test") return c.redirect(stepPath("mail"), 303)
  return c.redirect(await advance(app, "mail", "project"), 303)
}

export async function saveProject(app: App, c: WebContext) {
  const data = await readForm(c)
  const form: FirstProjectForm = {
    organization: data.text("organization"),
    organizationSlug: data.text("organizationSlug"),
    project: data.text("project"),
    projectSlug: data.text("projectSlug"),
    platform: data.text("platform"),
  }
  const errors = await formErrors(() => app.sql.begin((tx) => createBoth(tx, c, form)))
  if (errors) return c.html(projectPage(c, form, errors), 422)
  return c.redirect(await advance(app, "project", "event"), 303)
}

async function createBoth(tx: Tx, c: WebContext, form: FirstProjectForm): Promise<void> {
  const { user } = viewerOf(c)
  const actor: Actor = { userId: user.id, role: "owner", ip: c.var.clientAddress }
  const slug = form.organizationSlug || slugOf(form.organization)
  const organization = await named({ slug: "organizationSlug", name: "organization" }, () =>
    createOrganization(tx, actor, { slug, name: form.organization }, user),
  )
  await named({ slug: "projectSlug", name: "project" }, () =>
    createProject(tx, actor, {
      organizationId: organization.id,
      slug: form.projectSlug || slugOf(form.project),
      name: form.project,
      platform: isPlatform(form.platform) ? form.platform : "other",
      teams: [organization.slug],
    }),
  )
}

/** Two nouns on one form: says which one's field was refused. */
async function named<Result>(
  fields: Record<string, string>,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const field = fields[String(error.details.field ?? "slug")]
    throw new AppError(error.code, error.message, { field })
  }
}

export async function finish(app: App, c: WebContext) {
  const { organization } = await newestProject(app, c)
  await updateSetupStep(app.sql, null)
  return c.redirect(urls.issues(organization.slug), 303)
}
