import { Hono } from "hono"
import { updatePreferences } from "#accounts/users/store.ts"
import type { App } from "#app.ts"
import { applyAction } from "#issues/actions/actions.ts"
import { isAssignable } from "#issues/detail-store.ts"
import type { IssueAction } from "#issues/issue.ts"
import { formatShortId } from "#issues/short-id.ts"
import { listTagShares } from "#issues/tags/shares-store.ts"
import { AppError } from "#platform/errors.ts"
import { urls } from "#urls.ts"
import { viewerOf, type WebContext, type WebEnv } from "../../../context.ts"
import { checkScope, requireOrganization } from "../../../middleware/access.ts"
import { setFlash } from "../../flash.ts"
import { type FormData, readForm } from "../../form-data.ts"
import { shellOf } from "../../shell.ts"
import { readActionForm } from "../action-form.ts"
import { actionFields } from "../bulk-request.ts"
import { postDelete, showDelete } from "./actions/delete-routes.tsx"
import { actionFlash } from "./actions/flash.ts"
import { postActivity, showActivity } from "./activity/routes.tsx"
import { issueChanges } from "./changes.ts"
import { eventHref } from "./event/bar.tsx"
import { showEvent, showJson, showMarkdown } from "./event/routes.tsx"
import { postMerged, showMerged } from "./fingerprints/merged-routes.tsx"
import { showSimilar } from "./fingerprints/similar-routes.tsx"
import { frameOf } from "./frame-of.ts"
import {
  postEventAttachment,
  showEventAttachment,
  showIssueAttachments,
  showIssueFeedback,
} from "./lists/companion-routes.tsx"
import { showEvents } from "./lists/events-routes.tsx"
import { TagPage, TagsPage } from "./lists/tags-page.tsx"
import type { IssueFrame } from "./load.ts"
import { showSourceMaps } from "./source-maps/routes.tsx"
import { tracePreferences } from "./trace/view.ts"

const ISSUE = "/organizations/:org/issues/:issue/"
const MAX_TAG_KEYS = 100
const MAX_TAG_VALUES = 500

/** Everything below one issue. Whoever may see the organization may see its issues. */
export function issueDetailRoutes(app: App): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()
  routes.use(`${ISSUE}*`, requireOrganization)
  routes.get(ISSUE, (c) => showEvent(app, c, "recommended"))
  routes.post(ISSUE, (c) => act(app, c))
  routes.get(`${ISSUE}changes/`, (c) => issueChanges(app, c))
  routes.get(`${ISSUE}activity/`, (c) => showActivity(app, c))
  routes.post(`${ISSUE}activity/`, (c) => postActivity(app, c))
  routes.get(`${ISSUE}events/`, (c) => showEvents(app, c))
  routes.get(`${ISSUE}events/:event/json/`, (c) => showJson(app, c))
  routes.get(`${ISSUE}events/:event/md/`, (c) => showMarkdown(app, c))
  routes.get(`${ISSUE}events/:event/source-maps/`, (c) => showSourceMaps(app, c))
  routes.get(`${ISSUE}events/:event/attachments/:attachment/`, (c) => showEventAttachment(app, c))
  routes.post(`${ISSUE}events/:event/attachments/:attachment/`, (c) => postEventAttachment(app, c))
  routes.get(`${ISSUE}attachments/`, (c) => showIssueAttachments(app, c))
  routes.get(`${ISSUE}feedback/`, (c) => showIssueFeedback(app, c))
  routes.get(`${ISSUE}events/:event/`, (c) => showEvent(app, c, c.req.param("event") ?? "latest"))
  routes.get(`${ISSUE}merged/`, (c) => showMerged(app, c))
  routes.post(`${ISSUE}merged/`, (c) => postMerged(app, c))
  routes.get(`${ISSUE}similar/`, (c) => showSimilar(app, c))
  routes.get(`${ISSUE}delete/`, (c) => showDelete(app, c))
  routes.post(`${ISSUE}delete/`, (c) => postDelete(app, c))
  routes.get(`${ISSUE}distributions/`, (c) => showTags(app, c))
  routes.get(`${ISSUE}distributions/:key/`, (c) => showTag(app, c))
  return routes
}

async function act(app: App, c: WebContext) {
  const frame = await frameOf(app, c)
  const form = await readForm(c)
  if (form.text("action") === "trace_view") return keepTraceView(app, c, frame, form)
  checkScope(c.var.membership, "event:write")
  const { issue } = frame
  const viewerId = viewerOf(c).user.id
  const action = readActionForm(actionFields({ get: (name) => form.text(name) }), {
    now: app.clock.now(),
    viewerId,
    zone: shellOf(app, c).zone,
  })
  await refuseStrangers(app, c, action)
  const changed = await applyAction(app, { issues: [issue], actor: viewerId, action })
  const path = urls.issue(c.var.membership.slug, issue.id)
  const shortId = formatShortId(issue.projectSlug, issue.shortId)
  setFlash(app, c, actionFlash(action, { shortId, url: path, hasChanged: changed.length > 0 }))
  return c.redirect(path, 303)
}

/** The buttons above a trace change how this reader sees every trace, and lead back to the event. */
async function keepTraceView(app: App, c: WebContext, { issue }: IssueFrame, form: FormData) {
  await updatePreferences(app.sql, viewerOf(c).user.id, tracePreferences(form.text))
  const href = eventHref(
    c.var.membership.slug,
    issue.id,
    form.text("event") || "recommended",
    form.text("query"),
  )
  return c.redirect(`${href}#stack-trace`, 303)
}

/** Only people and teams of the organization can be given its issues. */
async function refuseStrangers(app: App, c: WebContext, action: IssueAction): Promise<void> {
  if (action.kind !== "assign" || !action.to) return
  if (await isAssignable(app.sql, c.var.membership.organizationId, action.to)) return
  throw new AppError("invalid", "They are not a member of this organization.", {
    field: "assignee",
  })
}

async function showTags(app: App, c: WebContext) {
  const frame = await frameOf(app, c)
  const shares = await listTagShares(app.sql, frame.issue, { keyLimit: MAX_TAG_KEYS, top: 5 })
  return c.html(
    <TagsPage shell={shellOf(app, c)} org={c.var.membership.slug} frame={frame} shares={shares} />,
  )
}

async function showTag(app: App, c: WebContext) {
  const frame = await frameOf(app, c)
  const keys = [c.req.param("key") ?? ""]
  const [share] = await listTagShares(app.sql, frame.issue, {
    keyLimit: 1,
    top: MAX_TAG_VALUES,
    keys,
  })
  if (!share) throw new AppError("not_found", "No event of this issue has that tag.")
  return c.html(
    <TagPage shell={shellOf(app, c)} org={c.var.membership.slug} frame={frame} share={share} />,
  )
}
