import { type Attachment, attachmentsSql } from "#attachments/store.ts"
import type { IssueEvents } from "#events/read-store.ts"
import type { Db } from "#platform/db.ts"

/** What came with any event of an issue, latest first. Files of a day before or after their event are found as well. */
export function listIssueAttachments(
  db: Db,
  issue: IssueEvents,
  page: { limit: number; offset: number },
) {
  return db<Attachment[]>`
    ${attachmentsSql(db)}
    where project_id = ${issue.projectId}
      and received_day between ${issue.firstReceivedDay}::date - 1 and ${issue.lastReceivedDay}::date + 1
      and exists (
        select from events e
        where e.project_id = attachments.project_id and e.event_id = attachments.event_id and e.issue_id = ${issue.issueId}
          and e.received_day between ${issue.firstReceivedDay}::date and ${issue.lastReceivedDay}::date)
    order by received_at desc, id desc limit ${page.limit} offset ${page.offset}`
}
