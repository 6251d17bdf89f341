import type { App } from "#app.ts"
import { deleteIssuesForGood } from "#issues/moving/deleting.ts"
import { formatShortId } from "#issues/short-id.ts"
import { urls } from "#urls.ts"
import type { WebContext } from "../../../../context.ts"
import { checkScope } from "../../../../middleware/access.ts"
import { actorIn } from "../../../actor-in.ts"
import type { FieldErrors } from "../../../components/forms/form.tsx"
import { setFlash } from "../../../flash.ts"
import { formErrors, readForm, unknownAction } from "../../../form-data.ts"
import { checkConfirmed } from "../../../settings/confirmed.ts"
import { DangerForm } from "../../../settings/danger-form.tsx"
import { shellOf } from "../../../shell.ts"
import { frameOf } from "../frame-of.ts"
import { IssueShell } from "../issue-shell.tsx"

/** Two ways to be rid of an issue; both ask for its short id. */
export async function showDelete(app: App, c: WebContext, wanted = "", errors: FieldErrors = {}) {
  const frame = await frameOf(app, c)
  checkScope(c.var.membership, "event:admin")
  const { issue } = frame
  const shell = shellOf(app, c)
  const shortId = formatShortId(issue.projectSlug, issue.shortId)
  const count = Number(issue.timesSeen)
  const events = count === 1 ? "event" : `${count.toLocaleString("en")} events`
  const of = (action: string) => ({
    csrf: shell.csrf,
    action,
    slug: shortId,
    errors: wanted === action ? errors : {},
  })
  const page = (
    <IssueShell
      shell={shell}
      org={c.var.membership.slug}
      frame={frame}
      tab="details"
      title="Delete"
    >
      <div class="stack">
        <DangerForm
          {...of("delete")}
          title="Delete"
          button="Delete this issue"
          consequence={`The issue is gone for good with its ${events}, comments and history. When it happens again, that is a new issue.`}
        />
        <DangerForm
          {...of("discard")}
          title="Delete and discard"
          button="Delete and never see again"
          consequence={`The same, and events like these are dropped from now on, counted as discarded. The project's settings list what is discarded and take it back.`}
        />
      </div>
    </IssueShell>
  )
  return c.html(page, Object.keys(errors).length > 0 ? 422 : 200)
}

export async function postDelete(app: App, c: WebContext) {
  const { issue } = await frameOf(app, c)
  checkScope(c.var.membership, "event:admin")
  const form = await readForm(c)
  const action = form.text("action")
  if (action !== "delete" && action !== "discard") return unknownAction()
  const { organizationId, slug } = c.var.membership
  const shortId = formatShortId(issue.projectSlug, issue.shortId)
  const errors = await formErrors(async () => {
    checkConfirmed(form, shortId)
    await deleteIssuesForGood(app, {
      organizationId,
      issues: [issue],
      actor: actorIn(c),
      discard: action === "discard",
    })
  })
  if (errors) return showDelete(app, c, action, errors)
  const text =
    action === "discard" ? `${shortId} is deleted and discarded.` : `${shortId} is deleted.`
  setFlash(app, c, { tone: "success", text })
  return c.redirect(urls.issues(slug), 303)
}
