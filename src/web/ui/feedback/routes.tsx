import { Hono } from "hono"
import type { App } from "#app.ts"
import { listAttachments } from "#attachments/store.ts"
import {
  type Feedback,
  findFeedback,
  hasFeedback,
  isFeedbackStatus,
  listFeedback,
} from "#feedback/read-store.ts"
import { type FeedbackChange, updateFeedback } from "#feedback/store.ts"
import { findIssueDetail, isAssignable, listAssignables } from "#issues/detail-store.ts"
import { listStreamProjects } from "#issues/stream/facts-store.ts"
import { utcDay } from "#platform/clock.ts"
import { AppError } from "#platform/errors.ts"
import { urls } from "#urls.ts"
import type { WebContext, WebEnv } from "../../context.ts"
import { checkScope, requireOrganization, requireScope } from "../../middleware/access.ts"
import { postAttachment, showAttachment } from "../attachments/serve.ts"
import { setFlash } from "../flash.ts"
import { type FormData, readForm, unknownAction } from "../form-data.ts"
import { shellOf } from "../shell.ts"
import { FeedbackPage } from "./feedback-page.tsx"
import { feedbackHref, PAGE_SIZE, readFeedbackRequest } from "./requests.ts"

const LIST = "/organizations/:org/feedback/"
const ITEM = `${LIST}:feedback{[0-9]{1,18}}/`
const MAX_ATTACHMENTS = 50

export function feedbackRoutes(app: App): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()
  const canRead = requireScope("event:read")
  routes.get(LIST, requireOrganization, canRead, (c) => showFeedback(app, c, null))
  routes.get(ITEM, requireOrganization, canRead, async (c) =>
    showFeedback(app, c, await feedbackOf(app, c)),
  )
  routes.post(ITEM, requireOrganization, canRead, (c) => changeFeedback(app, c))
  routes.get(`${ITEM}attachments/:attachment/`, requireOrganization, canRead, async (c) =>
    showAttachment(app, c, eventOf(await feedbackOf(app, c))),
  )
  routes.post(`${ITEM}attachments/:attachment/`, requireOrganization, canRead, async (c) => {
    const feedback = await feedbackOf(app, c)
    const back = urls.feedbackItem(c.var.membership.slug, feedback.id)
    return postAttachment(app, c, eventOf(feedback), back)
  })
  routes.get("/organizations/:org/issues/feedback/", requireOrganization, (c) =>
    c.redirect(urls.feedback(c.var.membership.slug) + new URL(c.req.url).search),
  )
  return routes
}

async function showFeedback(app: App, c: WebContext, feedback: Feedback | null) {
  const { organizationId, slug } = c.var.membership
  const request = readFeedbackRequest(c)
  const { status, projectId, offset } = request
  const [found, projects, assignables, attachments] = await Promise.all([
    listFeedback(app.sql, { organizationId, status, projectId }, { limit: PAGE_SIZE + 1, offset }),
    listStreamProjects(app.sql, organizationId),
    feedback ? listAssignables(app.sql, organizationId) : [],
    feedback ? attachmentsOf(app, feedback) : [],
  ])
  const isNew = found.length === 0 && !(await hasFeedback(app.sql, organizationId))
  return c.html(
    <FeedbackPage
      shell={shellOf(app, c)}
      org={slug}
      request={request}
      projects={projects}
      items={found.slice(0, PAGE_SIZE)}
      hasMore={found.length > PAGE_SIZE}
      isNew={isNew}
      selected={feedback && { feedback, attachments }}
      assignables={assignables}
    />,
  )
}

async function changeFeedback(app: App, c: WebContext) {
  checkScope(c.var.membership, "event:write")
  const { slug, organizationId } = c.var.membership
  const feedback = await feedbackOf(app, c)
  const form = await readForm(c)
  const change = await readChange(app, organizationId, feedback, form)
  await updateFeedback(app.sql, feedback, change)
  setFlash(app, c, { tone: "success", text: doneText(change) })
  return c.redirect(feedbackHref(slug, readFeedbackRequest(c), { id: feedback.id }), 303)
}

async function readChange(
  app: App,
  organizationId: string,
  feedback: Feedback,
  form: FormData,
): Promise<FeedbackChange> {
  const action = form.text("action")
  if (isFeedbackStatus(action)) return { status: action }
  if (action === "assign") {
    const userId = form.text("assignee")
    await refuseStranger(app, organizationId, userId)
    return { assigneeUserId: userId || null }
  }
  if (action !== "link") return unknownAction()
  const found = await findIssueDetail(app.sql, organizationId, form.text("issue"))
  if (found?.issue.projectId === feedback.projectId) {
    return { issueId: found.issue.id, lookAgainAt: null }
  }
  throw new AppError("invalid", `${feedback.projectName} has no such issue.`, { field: "issue" })
}

async function refuseStranger(app: App, organizationId: string, userId: string): Promise<void> {
  const isKnown =
    userId === "" ||
    (/^\d{1,18}$/.test(userId) && (await isAssignable(app.sql, organizationId, { userId })))
  if (!isKnown) throw new AppError("invalid", "They are not a member of this organization.")
}

function doneText(change: FeedbackChange): string {
  if ("issueId" in change) return "The message now belongs to the issue."
  if ("assigneeUserId" in change) return change.assigneeUserId ? "Assigned." : "Nobody's any more."
  return {
    resolved: "Resolved.",
    spam: "Marked as spam.",
    unresolved: "Back among the unresolved.",
  }[change.status]
}

/** Throws not_found: nobody wrote it, or to another organization. */
async function feedbackOf(app: App, c: WebContext): Promise<Feedback> {
  const id = c.req.param("feedback") ?? ""
  const feedback = await findFeedback(app.sql, c.var.membership.organizationId, id)
  if (!feedback) throw new AppError("not_found", "There is no such feedback.")
  return feedback
}

/** Its attachments are those of the event that it is; a user report has none of its own. */
function eventOf({ projectId, feedbackId }: Feedback): { projectId: string; eventId: string } {
  if (!feedbackId) throw new AppError("not_found", "There is no such attachment.")
  return { projectId, eventId: feedbackId }
}

async function attachmentsOf(app: App, feedback: Feedback) {
  if (!feedback.feedbackId) return []
  const since = utcDay(feedback.receivedAt)
  return listAttachments(app.sql, { ...eventOf(feedback), since }, MAX_ATTACHMENTS)
}
