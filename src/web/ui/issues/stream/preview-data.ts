import { findLatestEvent } from "#events/read-store.ts"
import { openEvent, type StoredEvent } from "#events/stored-event.ts"
import { type Activity, listActivity } from "#issues/activity/store.ts"
import { findIssueDetail, type IssueDetail } from "#issues/detail-store.ts"
import { listTagShares, type TagShare } from "#issues/tags/shares-store.ts"
import type { Sql } from "#platform/db.ts"
import { eventsOf, mostTelling } from "../detail/load.ts"

const TAGS = 3
/** Keys to choose the telling ones from. */
const CANDIDATE_KEYS = 40

/** What a row of the stream opens: enough to tell whether the issue is worth its page. */
export type PreviewData = {
  issue: IssueDetail
  latest: StoredEvent | null
  /** The most common value of the most telling keys. */
  shares: TagShare[]
  lastComment: Activity | null
}

/** null: no such issue in the organization. */
export async function loadPreview(
  sql: Sql,
  organizationId: string,
  issueId: string,
): Promise<PreviewData | null> {
  const found = await findIssueDetail(sql, organizationId, issueId)
  if (!found) return null
  const { issue } = found
  const [row, shares, [lastComment = null]] = await Promise.all([
    findLatestEvent(sql, eventsOf(issue)),
    listTagShares(sql, issue, { keyLimit: CANDIDATE_KEYS, top: 1 }),
    listActivity(sql, issue, { limit: 1, types: ["note"] }),
  ])
  return {
    issue,
    latest: row && openEvent(row),
    shares: mostTelling(shares).slice(0, TAGS),
    lastComment,
  }
}
