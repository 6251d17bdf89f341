import type { Db } from "#platform/db.ts"
import { type IssueRef, STATUS } from "../issue.ts"

export type SimilarIssue = IssueRef & {
  shortId: string
  title: string
  culprit: string
  status: number
  timesSeen: string
  lastSeen: Date
  /** 0 to 1: how much of the words is the same. */
  score: number
  isSameType: boolean
  isSameCulprit: boolean
}

/** Issues of the same project that say nearly the same, the most similar first. */
export function listSimilarIssues(
  db: Db,
  issue: IssueRef & { title: string; culprit: string; metadata: Record<string, unknown> },
  limit: number,
): Promise<SimilarIssue[]> {
  const words = `${issue.title} ${issue.culprit}`.slice(0, 300)
  const type = typeof issue.metadata.type === "string" ? issue.metadata.type : null
  return db<SimilarIssue[]>`
    select i.project_id, i.id, i.short_id, i.title, i.culprit, i.status, i.times_seen, i.last_seen,
      similarity(${words}, i.title || ' ' || i.culprit) as score,
      coalesce(i.metadata->>'type' = ${type}::text, false) as is_same_type,
      i.culprit <> '' and i.culprit = ${issue.culprit} as is_same_culprit
    from issue_texts t join issues i on i.project_id = t.project_id and i.id = t.issue_id
    where t.project_id = ${issue.projectId} and t.issue_id <> ${issue.id} and ${words} <% t.search_text
      and i.status not in (${STATUS.deleting}, ${STATUS.merging})
    order by score desc, i.id desc limit ${limit}`
}
