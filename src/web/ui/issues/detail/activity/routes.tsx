import type { App } from "#app.ts"
import { addComment, editComment, removeComment } from "#issues/activity/comments.ts"
import { listActivity } from "#issues/activity/store.ts"
import { urls } from "#urls.ts"
import { viewerOf, type WebContext } from "../../../../context.ts"
import { checkScope } from "../../../../middleware/access.ts"
import type { FieldErrors } from "../../../components/forms/form.tsx"
import { formErrors, readForm, unknownAction } from "../../../form-data.ts"
import { shellOf } from "../../../shell.ts"
import { frameOf } from "../frame-of.ts"
import { withFirstSeen } from "./first-seen.ts"
import { ActivityPage } from "./page.tsx"

const ACTIVITIES_PER_PAGE = 50
const ID = /^\d{1,18}$/

type Written = { draft: string; errors: FieldErrors; isPreview: boolean }
const NOTHING_WRITTEN: Written = { draft: "", errors: {}, isPreview: false }

export async function showActivity(app: App, c: WebContext, written = NOTHING_WRITTEN) {
  const frame = await frameOf(app, c)
  const onlyComments = c.req.query("filter") === "comments"
  const before = c.req.query("before")
  const entries = await listActivity(app.sql, frame.issue, {
    limit: ACTIVITIES_PER_PAGE,
    beforeId: before && ID.test(before) ? before : undefined,
    types: onlyComments ? ["note"] : undefined,
  })
  const last = entries.length === ACTIVITIES_PER_PAGE ? entries.at(-1) : undefined
  const path = urls.issueActivity(c.var.membership.slug, frame.issue.id)
  return c.html(
    <ActivityPage
      shell={shellOf(app, c)}
      org={c.var.membership.slug}
      frame={frame}
      entries={onlyComments ? entries : withFirstSeen(entries, frame.issue, ACTIVITIES_PER_PAGE)}
      olderHref={last ? `${path}?before=${last.id}${onlyComments ? "&filter=comments" : ""}` : null}
      onlyComments={onlyComments}
      {...written}
    />,
    Object.keys(written.errors).length > 0 ? 422 : 200,
  )
}

/** The forms of the activity page: say, look at before saying, change and take back. */
export async function postActivity(app: App, c: WebContext) {
  const { issue } = await frameOf(app, c)
  checkScope(c.var.membership, "event:write")
  const form = await readForm(c)
  const userId = viewerOf(c).user.id
  const note = { userId, text: form.text("text"), id: form.text("id") }
  const action = form.list("action").at(-1) ?? ""
  if (action === "preview") {
    return showActivity(app, c, { draft: note.text, errors: {}, isPreview: true })
  }
  const acts: Record<string, () => Promise<unknown>> = {
    comment: () => addComment(app, issue, note),
    edit_comment: () => editComment(app, issue, note),
    delete_comment: () => removeComment(app, issue, note),
  }
  const act = (Object.hasOwn(acts, action) && acts[action]) || unknownAction
  if (action !== "comment" && !ID.test(note.id)) unknownAction()
  const errors = await formErrors(async () => act())
  if (errors) return showActivity(app, c, { draft: note.text, errors, isPreview: false })
  return c.redirect(urls.issueActivity(c.var.membership.slug, issue.id), 303)
}
