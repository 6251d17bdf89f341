import { Hono } from "hono"
import { can } from "#accounts/users/viewer.ts"
import type { App } from "#app.ts"
import { takeDiscardBack } from "#issues/moving/deleting.ts"
import { listTombstones } from "#issues/moving/deleting-store.ts"
import { findRuleChange, listRuleChanges } from "#maintenance/regroup/change-store.ts"
import { proposeRules, saveRules, undoRules } from "#maintenance/regroup/rule-changes.ts"
import { AppError } from "#platform/errors.ts"
import { ruleTextsOf } from "#projects/settings.ts"
import { urls } from "#urls.ts"
import type { WebContext, WebEnv } from "../../../context.ts"
import { requireOrganization, requireScope } from "../../../middleware/access.ts"
import { actorIn } from "../../actor-in.ts"
import { setFlash } from "../../flash.ts"
import { type FormData, formErrors, readForm, unknownAction } from "../../form-data.ts"
import { shellOf } from "../../shell.ts"
import { projectIn } from "../project-routes.tsx"
import { GroupingPage } from "./page.tsx"
import { RuleChangePage } from "./rule-change-page.tsx"
import type { RulesForm } from "./rules-card.tsx"
import { type RulesErrors, rulesErrors } from "./rules-errors.ts"

const PAGE = "/settings/:org/projects/:project/issue-grouping/"
const MAX_TOMBSTONES = 200
const ID = /^\d{1,18}$/

const CHANGE = `${PAGE}changes/:change/`
const MAX_CHANGES = 5

export function groupingRoutes(app: App): Hono<WebEnv> {
  const canRead = requireScope("project:read")
  const canWrite = requireScope("project:write")
  return new Hono<WebEnv>()
    .get(PAGE, requireOrganization, canRead, (c) => show(app, c))
    .post(PAGE, requireOrganization, canWrite, (c) => act(app, c))
    .get(CHANGE, requireOrganization, canRead, (c) => showChange(app, c))
    .post(CHANGE, requireOrganization, canWrite, (c) => actOnChange(app, c))
}

type Refused = { form: RulesForm; errors: RulesErrors }

async function show(app: App, c: WebContext, refused?: Refused) {
  const project = await projectIn(app, c)
  const { membership } = c.var
  const page = (
    <GroupingPage
      shell={shellOf(app, c)}
      organization={membership}
      project={project}
      form={refused?.form ?? ruleTextsOf(project.settings)}
      errors={refused?.errors ?? null}
      changes={await listRuleChanges(app.sql, project.id, MAX_CHANGES)}
      tombstones={await listTombstones(app.sql, project.id, MAX_TOMBSTONES)}
      canWrite={can(membership, "project:write")}
    />
  )
  return c.html(page, refused ? 422 : 200)
}

async function act(app: App, c: WebContext) {
  const form = await readForm(c)
  if (form.text("action") === "undiscard") return undiscard(app, c, form)
  if (form.text("action") === "rehearse") return rehearse(app, c, form)
  return unknownAction()
}

async function rehearse(app: App, c: WebContext, data: FormData) {
  const project = await projectIn(app, c)
  const form = {
    fingerprintRules: unixLines(data.text("fingerprintRules")),
    stackTraceRules: unixLines(data.text("stackTraceRules")),
  }
  const errors = rulesErrors(form)
  if (errors) return show(app, c, { form, errors })
  const changeId = await proposeRules(app, { project, texts: form, actor: actorIn(c) })
  return c.redirect(urls.ruleChange(c.var.membership.slug, project.slug, changeId), 303)
}

/** Browsers end the lines of a text field with two characters. */
const unixLines = (text: string) => text.replaceAll("\r\n", "\n")

async function showChange(app: App, c: WebContext) {
  const project = await projectIn(app, c)
  const id = c.req.param("change") ?? ""
  const change = ID.test(id) ? await findRuleChange(app.sql, { projectId: project.id, id }) : null
  if (!change) throw new AppError("not_found", "There is no such change.")
  const { membership } = c.var
  return c.html(
    <RuleChangePage
      shell={shellOf(app, c)}
      organization={membership}
      project={project}
      change={change}
      canWrite={can(membership, "project:write")}
    />,
  )
}

async function actOnChange(app: App, c: WebContext) {
  const project = await projectIn(app, c)
  const changeId = c.req.param("change") ?? ""
  if (!ID.test(changeId)) throw new AppError("not_found", "There is no such change.")
  const action = (await readForm(c)).text("action")
  const request = { project, changeId, actor: actorIn(c) }
  const errors = await formErrors(async () => {
    if (action === "save") await saveRules(app, { ...request, regroup: false })
    else if (action === "save_and_regroup") await saveRules(app, { ...request, regroup: true })
    else if (action === "undo") await undoRules(app, request)
    else unknownAction()
  })
  if (errors) setFlash(app, c, { tone: "error", text: Object.values(errors).join(" ") })
  return c.redirect(urls.ruleChange(c.var.membership.slug, project.slug, changeId), 303)
}

async function undiscard(app: App, c: WebContext, form: FormData) {
  const project = await projectIn(app, c)
  const tombstoneId = form.text("tombstone")
  const title = ID.test(tombstoneId)
    ? await takeDiscardBack(app, {
        organizationId: project.organizationId,
        projectId: project.id,
        tombstoneId,
        actor: actorIn(c),
      })
    : null
  setFlash(app, c, {
    tone: title === null ? "info" : "success",
    text: title === null ? "It was taken back already." : `“${title}” makes issues again.`,
  })
  return c.redirect(urls.projectGrouping(c.var.membership.slug, project.slug), 303)
}
