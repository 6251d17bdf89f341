import type { Db, Tx } from "#platform/db.ts"
import { plainArray } from "#platform/plain-array.ts"
import type { Report } from "./report.ts"

/** A report ready to be stored. */
export type FeedbackRow = Report & {
  projectId: string
  organizationId: string
  receivedAt: Date
  /** Of its event, when that is here. */
  issueId: string | null
  /** When to look for the event again; null: not at all. */
  lookAgainAt: Date | null
}

/** Who reports twice about one event within so many minutes corrects what was said; later it stays. */
const CORRECTED_WITHIN_MINUTES = 5

/**
 * Stores reports, at most one of an event (give each event once); returns `PROJECT/EVENT` of the user reports that were, and ids
 * of the rows.
 */
export async function recordUserReports(
  tx: Tx,
  rows: readonly FeedbackRow[],
): Promise<{ id: string; projectId: string; eventId: string }[]> {
  if (rows.length === 0) return []
  return await tx<{ id: string; projectId: string; eventId: string }[]>`
    insert into feedback ${insertable(tx, rows)}
    on conflict (project_id, event_id) where kind = 'user_report'
    do update set name = excluded.name, email = excluded.email, message = excluded.message,
      issue_id = coalesce(excluded.issue_id, feedback.issue_id), look_again_at = excluded.look_again_at
    where feedback.received_at > excluded.received_at - make_interval(mins => ${CORRECTED_WITHIN_MINUTES})
    returning id, project_id, replace(event_id::text, '-', '') as event_id`
}

/** Stores feedback items; one that is known already stays as it is. */
export async function insertFeedback(tx: Tx, rows: readonly FeedbackRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx`
    insert into feedback ${insertable(tx, rows)}
    on conflict (project_id, feedback_id) where feedback_id is not null do nothing`
}

function insertable(tx: Tx, rows: readonly FeedbackRow[]) {
  return tx(
    rows as FeedbackRow[],
    "projectId",
    "organizationId",
    "kind",
    "feedbackId",
    "eventId",
    "issueId",
    "lookAgainAt",
    "name",
    "email",
    "message",
    "url",
    "environment",
    "release",
    "receivedAt",
  )
}

export type WaitingFeedback = { projectId: string; id: string; eventId: string; receivedAt: Date }

/** Reports whose event may have come by now; they are this transaction's until it ends. */
export async function lockWaitingFeedback(
  tx: Tx,
  now: Date,
  limit: number,
): Promise<WaitingFeedback[]> {
  return await tx<WaitingFeedback[]>`
    select project_id, id, replace(event_id::text, '-', '') as event_id, received_at from feedback
    where look_again_at <= ${now} order by look_again_at limit ${limit} for update skip locked`
}

export async function updateWaitingFeedback(
  tx: Tx,
  rows: readonly {
    projectId: string
    id: string
    issueId: string | null
    lookAgainAt: Date | null
  }[],
): Promise<void> {
  await tx`
    update feedback f set issue_id = found.issue_id, look_again_at = found.look_again_at
    from unnest(
      ${plainArray(rows.map((row) => row.projectId))}::bigint[],
      ${plainArray(rows.map((row) => row.id))}::bigint[],
      ${plainArray(rows.map((row) => row.issueId))}::bigint[],
      ${plainArray(rows.map((row) => row.lookAgainAt?.toISOString() ?? null))}::timestamptz[]
    ) as found (project_id, id, issue_id, look_again_at)
    where f.project_id = found.project_id and f.id = found.id`
}

/** Removes what was written about these issues; returns the events that feedback items are, for their attachments. */
export async function deleteIssueFeedback(
  db: Db,
  issues: readonly { projectId: string; id: string }[],
): Promise<{ projectId: string; eventId: string }[]> {
  const rows = await db<{ projectId: string; eventId: string | null }[]>`
    delete from feedback
    where (project_id, issue_id) in (select * from unnest(
      ${issues.map((issue) => issue.projectId)}::bigint[], ${issues.map((issue) => issue.id)}::bigint[]))
    returning project_id, replace(feedback_id::text, '-', '') as event_id`
  return rows.flatMap(({ projectId, eventId }) => (eventId ? [{ projectId, eventId }] : []))
}

/** What users wrote about an issue goes along with it to another. */
export async function updateFeedbackIssue(
  db: Db,
  issue: { projectId: string; id: string; into: string },
): Promise<void> {
  await db`
    update feedback set issue_id = ${issue.into}
    where project_id = ${issue.projectId} and issue_id = ${issue.id}`
}

/** Removes up to `limit` reports that were received before `before`; returns how many went. */
export async function deleteOldFeedback(db: Db, before: Date, limit: number): Promise<number> {
  const result = await db`
    delete from feedback where ctid in (
      select ctid from feedback where received_at < ${before} limit ${limit})`
  return result.count
}

export type FeedbackChange =
  | { status: "unresolved" | "resolved" | "spam" }
  | { assigneeUserId: string | null }
  | { issueId: string; lookAgainAt: null }

/** Throws nothing when it is gone: whoever changed it sees that on the next page. */
export async function updateFeedback(
  db: Db,
  key: { projectId: string; id: string },
  change: FeedbackChange,
): Promise<void> {
  await db`update feedback set ${db(change)} where project_id = ${key.projectId} and id = ${key.id}`
}
