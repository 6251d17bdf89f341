import { Hono } from "hono"
import { deleteCookie, getCookie, setCookie } from "hono/cookie"
import { createMiddleware } from "hono/factory"
import { createFirstUser, findSetupStep, isSetupToken } from "#accounts/setup.ts"
import { startSession } from "#accounts/users/sessions.ts"
import type { App } from "#app.ts"
import { AppError } from "#platform/errors.ts"
import { urls } from "#urls.ts"
import type { WebContext, WebEnv } from "../../context.ts"
import { requireSuperuser } from "../../middleware/access.ts"
import { cookieName, cookieOptions } from "../../middleware/cookies.ts"
import { setSessionCookie } from "../../middleware/session.ts"
import { clientOf } from "../accounts/client.ts"
import type { FieldErrors } from "../components/forms/form.tsx"
import { formErrors, readForm } from "../form-data.ts"
import { AdministratorPage } from "./administrator-page.tsx"
import { stepPath } from "./advance.ts"
import { runChecks } from "./checks.ts"
import { finish, saveAddress, saveMailStep, saveProject } from "./save-steps.tsx"
import { addressPage, eventPage, mailPage, projectPage } from "./step-pages.tsx"

/**
 * The first-run wizard. Its first page needs the one-time link and an instance without users; what follows needs the
 * administrator it made, until it is finished. Before and after, nothing is here.
 */
export function setupRoutes(app: App): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()
  const underWay = stepUnderWay(app)

  routes.get("/setup/", (c) => begin(app, c))
  routes.post("/setup/", (c) => createAdministrator(app, c))

  routes.use("/setup/:step{address|mail|project|event}/", underWay, requireSuperuser)
  routes.get("/setup/address/", (c) => c.html(addressPage(app, c)))
  routes.post("/setup/address/", (c) => saveAddress(app, c))
  routes.get("/setup/mail/", async (c) => c.html(await mailPage(app, c)))
  routes.post("/setup/mail/", (c) => saveMailStep(app, c))
  routes.get("/setup/project/", (c) => c.html(projectPage(c)))
  routes.post("/setup/project/", (c) => saveProject(app, c))
  routes.get("/setup/event/", async (c) => c.html(await eventPage(app, c)))
  routes.post("/setup/event/", (c) => finish(app, c))
  return routes
}

function stepUnderWay(app: App) {
  return createMiddleware<WebEnv>(async (_c, next) => {
    if (!(await findSetupStep(app.sql))) throw nothingHere()
    // Each step shows, and goes on from, what the one before has set.
    await app.rereadOptions()
    await next()
  })
}

async function begin(app: App, c: WebContext) {
  const step = await findSetupStep(app.sql)
  if (step) return c.redirect(stepPath(step))
  const name = cookieName(app.config, "setup")
  const token = c.req.query("token")
  if (token !== undefined) {
    if (!(await isSetupToken(app.sql, token))) throw nothingHere()
    // Out of the address at once: it would stay in the history.
    setCookie(c, name, token, cookieOptions(app.config))
    return c.redirect(urls.setup())
  }
  await checkToken(app, c)
  return c.html(await administratorPage(app, c, { name: "", email: "" }))
}

async function createAdministrator(app: App, c: WebContext) {
  await checkToken(app, c)
  const form = await readForm(c)
  const person = {
    name: form.text("name").slice(0, 64),
    email: form.text("email"),
    password: form.list("password")[0] ?? "",
  }
  let sessionToken = ""
  const errors = await formErrors(() =>
    app.sql.begin(async (tx) => {
      const user = await createFirstUser(app, tx, person)
      sessionToken = await startSession(app, tx, user.id, clientOf(c))
    }),
  )
  if (errors) return c.html(await administratorPage(app, c, person, errors), 422)
  deleteCookie(c, cookieName(app.config, "setup"), cookieOptions(app.config))
  setSessionCookie(app, c, sessionToken)
  return c.redirect(stepPath("address"), 303)
}

async function administratorPage(
  app: App,
  c: WebContext,
  form: { name: string; email: string },
  errors: FieldErrors = {},
) {
  return (
    <AdministratorPage
      csrf={c.var.csrf}
      checks={await runChecks(app)}
      form={form}
      minLength={app.config["auth.password.min-length"]}
      errors={errors}
    />
  )
}

async function checkToken(app: App, c: WebContext): Promise<void> {
  const token = getCookie(c, cookieName(app.config, "setup")) ?? ""
  if (!(await isSetupToken(app.sql, token))) throw nothingHere()
}

function nothingHere(): AppError {
  return new AppError("not_found", "There is no such page.")
}
