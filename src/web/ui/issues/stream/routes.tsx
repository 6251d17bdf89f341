import { Hono } from "hono"
import type { App } from "#app.ts"
import { applyToMany } from "#issues/actions/many.ts"
import { eventIdOf } from "#issues/search/terms.ts"
import { parseShortId } from "#issues/short-id.ts"
import {
  findIssueIdOfEvent,
  findIssueIdOfShortId,
  listStreamProjects,
} from "#issues/stream/facts-store.ts"
import { AppError } from "#platform/errors.ts"
import { urls } from "#urls.ts"
import type { WebContext, WebEnv } from "../../../context.ts"
import { requireOrganization, requireScope } from "../../../middleware/access.ts"
import { setFlash } from "../../flash.ts"
import { shellOf } from "../../shell.ts"
import { readActionForm } from "../action-form.ts"
import { checkAssignee, doneMessage } from "../bulk.ts"
import { actionFields, tickedIds } from "../bulk-request.ts"
import { confirmBulk, showBulk } from "../bulk-routes.tsx"
import { askToMerge, mergeTicked } from "../merge-routes.tsx"
import { tickedRefs } from "../ticked-refs.ts"
import { streamChanges } from "./changes.ts"
import { loadStream } from "./data.ts"
import { StreamPage } from "./page.tsx"
import { StreamPreview } from "./preview.tsx"
import { loadPreview } from "./preview-data.ts"
import { readStreamForm, readStreamRequest, searchOf } from "./request.ts"

/** The stream, what is done from it, and the jump box. */
export function issueStreamRoutes(app: App): Hono<WebEnv> {
  const path = "/organizations/:org/issues/"
  return new Hono<WebEnv>()
    .use(path, requireOrganization, requireScope("event:read"))
    .use(`${path}changes/`, requireOrganization, requireScope("event:read"))
    .use(`${path}bulk/`, requireOrganization, requireScope("event:write"))
    .use(`${path}:issue/preview/`, requireOrganization, requireScope("event:read"))
    .use("/organizations/:org/search/", requireOrganization, requireScope("event:read"))
    .get(path, (c) => showStream(app, c))
    .post(path, requireScope("event:write"), (c) => actOnTicked(app, c))
    .get(`${path}changes/`, (c) => streamChanges(app, c))
    .get(`${path}bulk/`, (c) => showBulk(app, c))
    .post(`${path}bulk/`, (c) => confirmBulk(app, c))
    .get(`${path}:issue/preview/`, (c) => showPreview(app, c))
    .get("/organizations/:org/search/", (c) => jump(app, c))
}

async function showStream(app: App, c: WebContext) {
  const shell = shellOf(app, c)
  const request = readStreamRequest(c)
  const { membership } = c.var
  const data = await loadStream({ app, membership, shell }, request)
  const status = data.slow === "gave_up" ? 503 : data.answer.ok ? 200 : 400
  return c.html(
    <StreamPage shell={shell} org={membership.slug} request={request} data={data} />,
    status,
  )
}

/** The row that opens below an issue, for script to put in place. */
async function showPreview(app: App, c: WebContext) {
  const { slug, organizationId } = c.var.membership
  const data = await loadPreview(app.sql, organizationId, c.req.param("issue") ?? "")
  if (!data) throw new AppError("not_found", "There is no such issue.")
  return c.html(<StreamPreview data={data} org={slug} shell={shellOf(app, c)} />)
}

async function actOnTicked(app: App, c: WebContext) {
  const form = await c.req.formData()
  const request = { ...readStreamForm(form), cursor: form.get("cursor")?.toString() }
  const { membership, viewer } = c.var
  const viewerId = viewer?.user.id ?? ""
  const ids = tickedIds(form)
  const wanted = actionFields(form).get("action")
  if (wanted === "merge") return askToMerge(app, c, ids)
  if (wanted === "merge_confirmed") return mergeTicked(app, c, ids)
  const action = readActionForm(actionFields(form), {
    now: app.clock.now(),
    viewerId,
    zone: shellOf(app, c).zone,
  })
  await checkAssignee(app, membership, action)
  const issues = await tickedRefs(app, c, ids)
  const changed = await applyToMany(app, issues, { actor: viewerId, action })
  const search = searchOf(request)
  const back = urls.issues(membership.slug) + (search && `?${search}`)
  setFlash(app, c, doneMessage(action, changed, urls.issues(membership.slug)))
  return c.redirect(back, 303)
}

/** An issue's short id or an event id leads to the issue; anything else is searched for. */
async function jump(app: App, c: WebContext) {
  const { slug, organizationId } = c.var.membership
  const text = (c.req.query("q") ?? "").trim()
  const shortId = parseShortId(text)
  const eventId = eventIdOf(text)
  const issueId =
    (shortId && (await findIssueIdOfShortId(app.sql, organizationId, shortId))) ??
    (eventId && (await findIssueOf(app, organizationId, eventId)))
  if (issueId && eventId) return c.redirect(urls.event(slug, issueId, eventId))
  if (issueId) return c.redirect(urls.issue(slug, issueId))
  const search = new URLSearchParams({ query: text, statsPeriod: "90d" })
  return c.redirect(`${urls.issues(slug)}?${search}`)
}

async function findIssueOf(app: App, organizationId: string, eventId: string) {
  const projects = await listStreamProjects(app.sql, organizationId)
  const ids = projects.map(({ id }) => id)
  return findIssueIdOfEvent(app.sql, ids, eventId)
}
