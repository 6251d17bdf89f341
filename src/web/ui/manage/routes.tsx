import { Hono } from "hono"
import type { App } from "#app.ts"
import { sumOutcomes } from "#stats/outcome-store.ts"
import { listStrangers } from "#stats/stranger-store.ts"
import { urls } from "#urls.ts"
import { viewerOf, type WebContext, type WebEnv } from "../../context.ts"
import { requireSuperuser } from "../../middleware/access.ts"
import type { FieldErrors } from "../components/forms/form.tsx"
import { setFlash } from "../flash.ts"
import { formErrors, readForm, unknownAction } from "../form-data.ts"
import { shellOf } from "../shell.ts"
import { IngestPage } from "./ingest-page.tsx"
import { StatusPage } from "./status-page.tsx"
import { systemStatus } from "./system-status.ts"
import { queueTestMail } from "./test-mail.ts"

/** The instance itself; for superusers, and not there for anybody else. */
export function manageRoutes(app: App): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()

  routes.get(urls.systemStatus(), requireSuperuser, async (c) =>
    c.req.query("format") === "json"
      ? c.json(await systemStatus(app))
      : c.html(await statusPage(app, c)),
  )

  routes.post(urls.systemStatus(), requireSuperuser, async (c) => {
    const form = await readForm(c)
    if (form.text("action") !== "test-mail") return unknownAction()
    const recipient = form.text("email")
    const errors = await formErrors(() => queueTestMail(app, c, recipient))
    if (errors) return c.html(await statusPage(app, c, recipient, errors), 422)
    setFlash(app, c, { tone: "success", text: `Test mail to ${recipient} is on its way.` })
    return c.redirect(urls.systemStatus(), 303)
  })

  routes.get(urls.ingestStatus(), requireSuperuser, async (c) => c.html(await ingestPage(app, c)))

  return routes
}

const DAY_MS = 86_400_000
const STRANGERS = 100

async function ingestPage(app: App, c: WebContext) {
  const to = app.clock.now()
  const outcomes = await sumOutcomes(app.sql, { from: new Date(to.getTime() - DAY_MS), to })
  return (
    <IngestPage
      shell={shellOf(app, c)}
      outcomes={outcomes}
      strangers={await listStrangers(app.sql, STRANGERS)}
    />
  )
}

async function statusPage(app: App, c: WebContext, recipient?: string, errors: FieldErrors = {}) {
  return (
    <StatusPage
      shell={shellOf(app, c)}
      status={await systemStatus(app)}
      recipient={recipient ?? viewerOf(c).user.email}
      errors={errors}
    />
  )
}
