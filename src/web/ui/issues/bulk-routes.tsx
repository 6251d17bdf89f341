import type { App } from "#app.ts"
import { applyToMany } from "#issues/actions/many.ts"
import type { Condition } from "#issues/search/condition.ts"
import { listStreamProjects } from "#issues/stream/facts-store.ts"
import { countStream, listMatchingRefs, listStream, MAX_HITS } from "#issues/stream/store.ts"
import { AppError } from "#platform/errors.ts"
import { viewerOf, type WebContext } from "../../context.ts"
import { setFlash } from "../flash.ts"
import { shellOf } from "../shell.ts"
import { readActionForm } from "./action-form.ts"
import { checkAssignee, doneMessage } from "./bulk.ts"
import { BulkPage } from "./bulk-page.tsx"
import { actionFields, bulkCondition, hasMoved } from "./bulk-request.ts"
import { scopeOf } from "./stream/data.ts"
import {
  readStreamForm,
  readStreamRequest,
  type StreamRequest,
  streamUrl,
} from "./stream/request.ts"

const SHOWN_TITLES = 5
/** A form that was left open longer than this asks again. */
const MAX_FORM_AGE_MS = 60 * 60_000

export async function showBulk(app: App, c: WebContext) {
  const request = readStreamRequest(c)
  return c.html(await bulkPage(app, c, request, bulkCondition(request.query, app.clock.now())))
}

/**
 * Acts on what matched when the person was asked: issues made since are left alone, and when the number moved by more than a
 * twentieth, or the form is old, it asks again.
 */
export async function confirmBulk(app: App, c: WebContext) {
  const form = await c.req.formData()
  const request = readStreamForm(form)
  const now = app.clock.now()
  const condition = bulkCondition(String(form.get("query") ?? ""), now)
  const { user } = viewerOf(c)
  const action = readActionForm(actionFields(form), {
    now,
    viewerId: user.id,
    zone: shellOf(app, c).zone,
  })
  await checkAssignee(app, c.var.membership, action)
  const scope = await bulkScope(app, c, request)
  const issues = await listMatchingRefs(app.sql, scope, condition, {
    createdBefore: askedAt(form, now),
    limit: MAX_HITS + 1,
  })
  const expected = Number(form.get("expected"))
  if (
    issues.length > MAX_HITS ||
    !Number.isInteger(expected) ||
    hasMoved(expected, issues.length)
  ) {
    return c.html(await bulkPage(app, c, request, condition, true), 409)
  }
  const changed = await applyToMany(app, issues, { actor: user.id, action })
  const url = streamUrl(c.var.membership.slug, request)
  setFlash(app, c, doneMessage(action, changed, streamUrl(c.var.membership.slug, request)))
  return c.redirect(url, 303)
}

async function bulkPage(
  app: App,
  c: WebContext,
  request: StreamRequest,
  condition: Condition,
  moved = false,
) {
  const projects = await listStreamProjects(app.sql, c.var.membership.organizationId)
  const scope = await bulkScope(app, c, request)
  const [count, first] = await Promise.all([
    countStream(app.sql, scope, condition),
    listStream(app.sql, scope, { condition, sort: "date", position: null, limit: SHOWN_TITLES }),
  ])
  return (
    <BulkPage
      shell={shellOf(app, c)}
      org={c.var.membership.slug}
      request={request}
      count={count}
      first={first}
      projects={projects.filter(({ id }) => request.projects.includes(id)).map(({ slug }) => slug)}
      moved={moved}
    />
  )
}

async function bulkScope(app: App, c: WebContext, request: StreamRequest) {
  const { membership } = c.var
  const projects = await listStreamProjects(app.sql, membership.organizationId)
  return scopeOf({ membership, shell: shellOf(app, c) }, request, projects)
}

function askedAt(form: FormData, now: Date): Date {
  const at = new Date(String(form.get("at") ?? ""))
  const age = now.getTime() - at.getTime()
  if (Number.isNaN(age) || age < 0 || age > MAX_FORM_AGE_MS) {
    throw new AppError("conflict", "This question is too old. Go back to the list and ask again.")
  }
  return at
}
