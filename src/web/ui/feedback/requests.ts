import { type FeedbackStatus, isFeedbackStatus } from "#feedback/read-store.ts"
import { urls } from "#urls.ts"
import type { WebContext } from "../../context.ts"

/** What part of the feedback a page shows. */
export type FeedbackRequest = {
  status: FeedbackStatus
  /** null: all projects. */
  projectId: string | null
  offset: number
}

export const PAGE_SIZE = 25
const MAX_OFFSET = 10_000
const PROJECT_ID = /^\d{1,18}$/

export function readFeedbackRequest(c: WebContext): FeedbackRequest {
  const { status = "", project = "", offset = "" } = c.req.query()
  return {
    status: isFeedbackStatus(status) ? status : "unresolved",
    projectId: PROJECT_ID.test(project) ? project : null,
    offset: Math.min(Math.max(0, Math.floor(Number(offset)) || 0), MAX_OFFSET),
  }
}

/** The list, or one item of it, under the same search. */
export function feedbackHref(
  org: string,
  request: FeedbackRequest,
  change: Partial<FeedbackRequest> & { id?: string } = {},
): string {
  const { id, ...rest } = change
  const { status, projectId, offset } = { ...request, ...rest }
  const query = new URLSearchParams({
    ...(status !== "unresolved" && { status }),
    ...(projectId && { project: projectId }),
    ...(offset > 0 && { offset: String(offset) }),
  }).toString()
  const path = id === undefined ? urls.feedback(org) : urls.feedbackItem(org, id)
  return query ? `${path}?${query}` : path
}
