import { Hono } from "hono"
import type { App } from "#app.ts"
import { publicAddress } from "#config.ts"
import { listEvents } from "#events/read-store.ts"
import { openEvent } from "#events/stored-event.ts"
import { findWhichEvent } from "#events/which-event.ts"
import { applyAction } from "#issues/actions.ts"
import { listActivity } from "#issues/activity-store.ts"
import { addComment, editComment, removeComment } from "#issues/comments.ts"
import { isAssignable } from "#issues/detail-store.ts"
import { readEventSearch } from "#issues/event-filter.ts"
import type { IssueAction } from "#issues/issue.ts"
import { formatShortId } from "#issues/short-id.ts"
import { listTagShares } from "#issues/tags-store.ts"
import { AppError } from "#platform/errors.ts"
import { urls } from "#urls.ts"
import { viewerOf, type WebContext, type WebEnv } from "../../../context.ts"
import { checkScope, requireOrganization } from "../../../middleware/access.ts"
import type { FieldErrors } from "../../components/forms/form.tsx"
import { setFlash } from "../../flash.ts"
import { formErrors, readForm, unknownAction } from "../../form-data.ts"
import { shellOf } from "../../shell.ts"
import { readActionForm } from "../action-form.ts"
import { actionFlash } from "./action-flash.ts"
import { ActivityPage } from "./activity-page.tsx"
import { DetailsPage } from "./details-page.tsx"
import { eventMarkdown } from "./event-markdown.ts"
import { EventsPage } from "./events-page.tsx"
import { eventsOf, type IssueFrame, loadEventPage, loadIssueFrame } from "./load.ts"
import { TagPage, TagsPage } from "./tags-page.tsx"
import { traceView } from "./trace-view.ts"

const ISSUE = "/organizations/:org/issues/:issue/"
const EVENTS_PER_PAGE = 50
const ACTIVITIES_PER_PAGE = 50
const MAX_TAG_KEYS = 100

/** Everything below one issue. Whoever may see the organization may see its issues. */
export function issueDetailRoutes(app: App): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()
  routes.use(`${ISSUE}*`, requireOrganization)
  routes.get(ISSUE, (c) => showEvent(app, c, "recommended"))
  routes.post(ISSUE, (c) => act(app, c))
  routes.get(`${ISSUE}activity/`, (c) => showActivity(app, c, {}, ""))
  routes.post(`${ISSUE}activity/`, (c) => comment(app, c))
  routes.get(`${ISSUE}events/`, (c) => showEvents(app, c))
  routes.get(`${ISSUE}events/:event/json/`, (c) => showJson(app, c))
  routes.get(`${ISSUE}events/:event/md/`, (c) => showMarkdown(app, c))
  routes.get(`${ISSUE}events/:event/`, (c) => showEvent(app, c, c.req.param("event") ?? "latest"))
  routes.get(`${ISSUE}distributions/`, (c) => showTags(app, c))
  routes.get(`${ISSUE}distributions/:key/`, (c) => showTag(app, c))
  return routes
}

function frameOf(app: App, c: WebContext): Promise<IssueFrame> {
  checkScope(c.var.membership, "event:read")
  return loadIssueFrame(app, {
    organizationId: c.var.membership.organizationId,
    issue: c.req.param("issue") ?? "",
    userId: viewerOf(c).user.id,
  })
}

async function showEvent(app: App, c: WebContext, which: string) {
  const frame = await frameOf(app, c)
  const query = c.req.query("query") ?? ""
  const search = readEventSearch(query)
  const filter = search.ok ? search.filter : { terms: [] }
  const data = await loadEventPage(app, frame, which, filter)
  const shell = shellOf(app, c)
  return c.html(
    <DetailsPage
      shell={shell}
      org={c.var.membership.slug}
      data={data}
      view={traceView(new URL(c.req.url), shell.viewer.user.preferences)}
      query={query}
      queryError={search.ok ? null : search.message}
    />,
  )
}

async function act(app: App, c: WebContext) {
  const { issue } = await frameOf(app, c)
  checkScope(c.var.membership, "event:write")
  const form = await readForm(c)
  const viewerId = viewerOf(c).user.id
  const action = readActionForm({ get: (name) => form.text(name) }, app.clock.now(), viewerId)
  await refuseStrangers(app, c, action)
  const changed = await applyAction(app, { issues: [issue], actor: viewerId, action })
  const path = urls.issue(c.var.membership.slug, issue.id)
  const shortId = formatShortId(issue.projectSlug, issue.shortId)
  setFlash(app, c, actionFlash(action, { shortId, url: path, hasChanged: changed.length > 0 }))
  return c.redirect(path, 303)
}

/** Only people and teams of the organization can be given its issues. */
async function refuseStrangers(app: App, c: WebContext, action: IssueAction): Promise<void> {
  if (action.kind !== "assign" || !action.to) return
  if (await isAssignable(app.sql, c.var.membership.organizationId, action.to)) return
  throw new AppError("invalid", "They are not a member of this organization.", {
    field: "assignee",
  })
}

async function showActivity(app: App, c: WebContext, errors: FieldErrors, draft: string) {
  const frame = await frameOf(app, c)
  const onlyComments = c.req.query("filter") === "comments"
  const before = c.req.query("before")
  const entries = await listActivity(app.sql, frame.issue, {
    limit: ACTIVITIES_PER_PAGE,
    beforeId: before && /^\d{1,18}$/.test(before) ? before : undefined,
    types: onlyComments ? ["note"] : undefined,
  })
  const last = entries.length === ACTIVITIES_PER_PAGE ? entries.at(-1) : undefined
  const path = urls.issueActivity(c.var.membership.slug, frame.issue.id)
  return c.html(
    <ActivityPage
      shell={shellOf(app, c)}
      org={c.var.membership.slug}
      frame={frame}
      entries={entries}
      olderHref={last ? `${path}?before=${last.id}${onlyComments ? "&filter=comments" : ""}` : null}
      onlyComments={onlyComments}
      draft={draft}
      errors={errors}
    />,
    Object.keys(errors).length > 0 ? 422 : 200,
  )
}

async function comment(app: App, c: WebContext) {
  const { issue } = await frameOf(app, c)
  checkScope(c.var.membership, "event:write")
  const form = await readForm(c)
  const userId = viewerOf(c).user.id
  const note = { userId, text: form.text("text"), id: form.text("id") }
  const acts: Record<string, () => Promise<unknown>> = {
    comment: () => addComment(app, issue, note),
    edit_comment: () => editComment(app, issue, note),
    delete_comment: () => removeComment(app, issue, note),
  }
  const name = form.text("action")
  const act = (Object.hasOwn(acts, name) && acts[name]) || unknownAction
  if (name !== "comment" && !/^\d{1,18}$/.test(note.id)) unknownAction()
  const errors = await formErrors(async () => act())
  if (errors) return showActivity(app, c, errors, note.text)
  return c.redirect(urls.issueActivity(c.var.membership.slug, issue.id), 303)
}

async function showEvents(app: App, c: WebContext) {
  const frame = await frameOf(app, c)
  const query = c.req.query("query") ?? ""
  const search = readEventSearch(query)
  const scope = eventsOf(frame.issue)
  const before = c.req.query("before")
  const place = before ? await findWhichEvent(app.sql, scope, before, { terms: [] }) : null
  const rows = search.ok
    ? await listEvents(app.sql, scope, {
        limit: EVENTS_PER_PAGE + 1,
        before: place,
        filter: search.filter,
      })
    : []
  const events = rows.slice(0, EVENTS_PER_PAGE).map(openEvent)
  const path = urls.issueEvents(c.var.membership.slug, frame.issue.id)
  const href = (last: string) => `${path}?${new URLSearchParams({ query, before: last })}`
  const last = rows.length > EVENTS_PER_PAGE ? events.at(-1) : undefined
  return c.html(
    <EventsPage
      shell={shellOf(app, c)}
      org={c.var.membership.slug}
      frame={frame}
      events={events}
      query={query}
      queryError={search.ok ? null : search.message}
      newestHref={place ? `${path}?${new URLSearchParams({ query })}` : null}
      olderHref={last ? href(last.eventId) : null}
    />,
  )
}

async function findStored(app: App, c: WebContext, frame: IssueFrame) {
  const which = c.req.param("event") ?? "latest"
  const stored = await findWhichEvent(app.sql, eventsOf(frame.issue), which, { terms: [] })
  if (!stored) throw new AppError("not_found", "This event is gone, or was never here.")
  return stored
}

async function showJson(app: App, c: WebContext) {
  const stored = await findStored(app, c, await frameOf(app, c))
  return c.body(JSON.stringify(stored.event, null, 2), 200, {
    "content-type": "application/json; charset=utf-8",
  })
}

async function showMarkdown(app: App, c: WebContext) {
  const frame = await frameOf(app, c)
  const stored = await findStored(app, c, frame)
  const path = urls.event(c.var.membership.slug, frame.issue.id, stored.eventId)
  const link = publicAddress(app.config).replace(/\/$/, "") + path
  return c.text(eventMarkdown(frame.issue, stored, link))
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
  const [share] = await listTagShares(app.sql, frame.issue, { keyLimit: 1, top: 500, keys })
  if (!share) throw new AppError("not_found", "No event of this issue has that tag.")
  return c.html(
    <TagPage shell={shellOf(app, c)} org={c.var.membership.slug} frame={frame} share={share} />,
  )
}
