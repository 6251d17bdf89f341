import type { Db } from "#platform/db.ts"
import { AppError } from "#platform/errors.ts"

const FEEDBACK_STATUSES = ["unresolved", "resolved", "spam"] as const
export type FeedbackStatus = (typeof FEEDBACK_STATUSES)[number]

export function isFeedbackStatus(text: string): text is FeedbackStatus {
  return (FEEDBACK_STATUSES as readonly string[]).includes(text)
}

/** What somebody wrote, with the names around it. */
export type Feedback = {
  id: string
  projectId: string
  projectSlug: string
  projectName: string
  kind: "user_report" | "feedback"
  /** The event that feedback is itself: its attachments have this id. 32 hex digits. */
  feedbackId: string | null
  /** The event it is about. */
  eventId: string | null
  issueId: string | null
  issueShortId: string | null
  issueTitle: string | null
  status: FeedbackStatus
  assigneeUserId: string | null
  assigneeName: string | null
  name: string
  email: string
  message: string
  url: string
  environment: string
  release: string
  receivedAt: Date
}

export type FeedbackScope = {
  organizationId: string
  /** null: of any. */
  status: FeedbackStatus | null
  /** null: all of the organization. */
  projectId: string | null
}

type Page = { limit: number; offset?: number }

/** Newest first; of one more than `limit` the page is full. */
export function listFeedback(db: Db, scope: FeedbackScope, { limit, offset = 0 }: Page) {
  return db<Feedback[]>`
    ${columns(db)}
    where f.organization_id = ${scope.organizationId} and p.status = 'active'
      ${scope.status ? db`and f.status = ${scope.status}` : db``}
      ${scope.projectId ? db`and f.project_id = ${scope.projectId}` : db``}
    order by f.id desc limit ${limit} offset ${offset}`
}

export async function findFeedback(
  db: Db,
  organizationId: string,
  id: string,
): Promise<Feedback | null> {
  const [row] = await db<Feedback[]>`
    ${columns(db)}
    where f.organization_id = ${organizationId} and p.status = 'active' and f.id = ${id}`
  return row ?? null
}

/** What was written about an event, whether its issue is known by now or not. */
export function listEventFeedback(
  db: Db,
  event: { projectId: string; eventId: string },
  limit: number,
) {
  return db<Feedback[]>`
    ${columns(db)}
    where f.project_id = ${event.projectId} and f.event_id = ${event.eventId}::uuid and f.status <> 'spam'
    order by f.id desc limit ${limit}`
}

export type FeedbackPlace = {
  id: string
  projectId: string
  issueId: string | null
  receivedAt: Date
  /** False: it is feedback of this id itself. */
  isAbout: boolean
}

/** What was written under the id of an event, or about that event, newest first. */
export function listFeedbackPlaces(
  db: Db,
  { projectIds, eventId }: { projectIds: readonly string[]; eventId: string },
  limit: number,
) {
  return db<FeedbackPlace[]>`
    select id, project_id, issue_id, received_at, feedback_id is distinct from ${eventId}::uuid as is_about
    from feedback
    where project_id = any(${[...projectIds]}::bigint[])
      and (feedback_id = ${eventId}::uuid or event_id = ${eventId}::uuid)
    order by id desc limit ${limit}`
}

/** The one user report of an event. Throws not_found. */
export async function getUserReport(
  db: Db,
  event: { projectId: string; eventId: string },
): Promise<Feedback> {
  const [row] = await db<Feedback[]>`
    ${columns(db)}
    where f.project_id = ${event.projectId} and f.event_id = ${event.eventId}::uuid and f.kind = 'user_report'`
  if (!row) throw new AppError("not_found", "There is no such feedback.")
  return row
}

/** What was written about any event of an issue, newest first. */
export function listIssueFeedback(
  db: Db,
  issue: { projectId: string; id: string },
  { limit, offset = 0 }: Page,
) {
  return db<Feedback[]>`
    ${columns(db)}
    where f.project_id = ${issue.projectId} and f.issue_id = ${issue.id} and f.status <> 'spam'
    order by f.id desc limit ${limit} offset ${offset}`
}

export async function countIssueFeedback(
  db: Db,
  issue: { projectId: string; id: string },
): Promise<number> {
  const [row] = await db<{ count: number }[]>`
    select count(*)::int as count from feedback
    where project_id = ${issue.projectId} and issue_id = ${issue.id} and status <> 'spam'`
  return row?.count ?? 0
}

/** Whether anybody ever wrote anything: an organization without it is told how to ask. */
export async function hasFeedback(db: Db, organizationId: string): Promise<boolean> {
  const rows = await db`select 1 from feedback where organization_id = ${organizationId} limit 1`
  return rows.length > 0
}

function columns(db: Db) {
  return db`
    select f.id, f.project_id, p.slug as project_slug, p.name as project_name, f.kind,
      replace(f.feedback_id::text, '-', '') as feedback_id, replace(f.event_id::text, '-', '') as event_id,
      i.id as issue_id, i.short_id as issue_short_id, i.title as issue_title,
      f.status, f.assignee_user_id, coalesce(nullif(u.name, ''), u.email) as assignee_name,
      f.name, f.email, f.message, f.url, f.environment, f.release, f.received_at
    from feedback f
    join projects p on p.id = f.project_id
    left join issues i on i.project_id = f.project_id and i.id = f.issue_id and i.status <> 3
    left join users u on u.id = f.assignee_user_id`
}
