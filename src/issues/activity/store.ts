import type { Db } from "#platform/db.ts"
import type { IssueRef } from "../issue.ts"

export type Activity = {
  id: string
  issueId: string
  type: string
  data: Record<string, unknown>
  createdAt: Date
  userId: string | null
  userName: string | null
  userEmail: string | null
  /** To whom the issue was assigned, as far as they are still there. */
  assigneeName: string | null
}

/** One entry for each issue, in their order; returns their ids. */
export async function insertActivity(
  db: Db,
  issues: readonly IssueRef[],
  entry: {
    type: string
    userId: string | null
    data?: Record<string, unknown>
    at: Date
    /** What each was until now, by id; kept as `before` in its entry's data. */
    before?: ReadonlyMap<string, Record<string, unknown>>
  },
): Promise<{ projectId: string; issueId: string; id: string }[]> {
  if (issues.length === 0) return []
  const befores = issues.map(({ id }) => JSON.stringify(entry.before?.get(id) ?? null))
  return db`
    insert into issue_activity (project_id, issue_id, type, user_id, data, created_at)
    select project_id, id, ${entry.type}, ${entry.userId},
      ${db.json((entry.data ?? {}) as never)} 
        || case when before = 'null' then '{}' else jsonb_build_object('before', before::jsonb) end, ${entry.at}
    from unnest(
      ${issues.map((issue) => issue.projectId)}::bigint[],
      ${issues.map((issue) => issue.id)}::bigint[],
      ${befores}::text[]) as i (project_id, id, before)
    returning project_id, issue_id, id`
}

/** Newest first, below `beforeId` for the next page. */
export function listActivity(
  db: Db,
  issue: IssueRef,
  page: { limit: number; beforeId?: string | undefined; types?: string[] | undefined },
) {
  return db<Activity[]>`
    select a.id, a.issue_id, a.type, a.data, a.created_at, a.user_id, nullif(u.name, '') as user_name, u.email as user_email,
      coalesce(nullif(assignee.name, ''), assignee.email, '#' || team.slug) as assignee_name
    from issue_activity a left join users u on u.id = a.user_id
    left join users assignee on a.type = 'assigned' and a.data->>'assigneeType' = 'user' and assignee.id = (a.data->>'assignee')::bigint
    left join teams team on a.type = 'assigned' and a.data->>'assigneeType' = 'team' and team.id = (a.data->>'assignee')::bigint
    where a.project_id = ${issue.projectId} and a.issue_id = ${issue.id}
      ${page.beforeId ? db`and a.id < ${page.beforeId}` : db``}
      ${page.types ? db`and a.type = any(${page.types})` : db``}
    order by a.id desc limit ${page.limit}`
}

/** Only its author changes a comment; returns whether there was one to change. */
export async function updateComment(
  db: Db,
  issue: IssueRef,
  comment: { id: string; userId: string; text: string },
): Promise<boolean> {
  const rows = await db`
    update issue_activity set data = data || ${db.json({ text: comment.text, edited: true })}
    where project_id = ${issue.projectId} and issue_id = ${issue.id} and id = ${comment.id}
      and type = 'note' and user_id = ${comment.userId}
    returning id`
  return rows.length > 0
}

export async function deleteComment(
  db: Db,
  issue: IssueRef,
  comment: { id: string; userId: string },
): Promise<boolean> {
  const rows = await db`
    delete from issue_activity
    where project_id = ${issue.projectId} and issue_id = ${issue.id} and id = ${comment.id}
      and type = 'note' and user_id = ${comment.userId}
    returning id`
  return rows.length > 0
}

export async function updateCommentCount(db: Db, issue: IssueRef, change: 1 | -1): Promise<void> {
  await db`
    update issues set comment_count = greatest(0, comment_count + ${change})
    where project_id = ${issue.projectId} and id = ${issue.id}`
}
