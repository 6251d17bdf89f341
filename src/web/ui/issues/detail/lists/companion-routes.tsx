import type { App } from "#app.ts"
import { findWhichEvent } from "#events/which-event.ts"
import { listIssueFeedback } from "#feedback/read-store.ts"
import { listIssueAttachments } from "#issues/attachments-store.ts"
import { AppError } from "#platform/errors.ts"
import { urls } from "#urls.ts"
import type { WebContext } from "../../../../context.ts"
import { AttachmentList } from "../../../attachments/attachment-list.tsx"
import { postAttachment, showAttachment } from "../../../attachments/serve.ts"
import { Card } from "../../../components/card.tsx"
import { Pager } from "../../../components/data/pager.tsx"
import { EmptyState } from "../../../components/feedback/empty-state.tsx"
import { FeedbackMessage } from "../../../feedback/feedback-message.tsx"
import { shellOf } from "../../../shell.ts"
import { frameOf } from "../frame-of.ts"
import { IssueShell } from "../issue-shell.tsx"
import { eventsOf } from "../load.ts"

const PAGE_SIZE = 25
const MAX_OFFSET = 10_000

/** A file of one event, for whoever may see the event. */
export async function showEventAttachment(app: App, c: WebContext) {
  return showAttachment(app, c, await eventOf(app, c))
}

export async function postEventAttachment(app: App, c: WebContext) {
  const event = await eventOf(app, c)
  const back = urls.event(c.var.membership.slug, event.issueId, event.eventId)
  return postAttachment(app, c, event, `${back}#attachments`)
}

async function eventOf(app: App, c: WebContext) {
  const { issue } = await frameOf(app, c)
  const which = c.req.param("event") ?? ""
  const stored = await findWhichEvent(app.sql, eventsOf(issue), which, { terms: [] })
  if (!stored) throw new AppError("not_found", "This event is gone, or was never here.")
  return { projectId: issue.projectId, issueId: issue.id, eventId: stored.eventId }
}

/** What came with any event of the issue. */
export async function showIssueAttachments(app: App, c: WebContext) {
  const frame = await frameOf(app, c)
  const org = c.var.membership.slug
  const shell = shellOf(app, c)
  const { issue } = frame
  const offset = offsetIn(c)
  const page = { limit: PAGE_SIZE + 1, offset }
  const found = await listIssueAttachments(app.sql, eventsOf(issue), page)
  return c.html(
    <IssueShell shell={shell} org={org} frame={frame} tab="attachments">
      {found.length === 0 ? (
        <EmptyState title="No files came with events of this issue">
          <p>Minidumps, screenshots and whatever else SDKs send along stand here.</p>
        </EmptyState>
      ) : (
        <Card title="Attachments" flush>
          <AttachmentList
            attachments={found.slice(0, PAGE_SIZE)}
            hrefOf={({ eventId, id }) => urls.attachment(org, issue.id, eventId, id)}
            eventHrefOf={({ eventId }) => urls.event(org, issue.id, eventId)}
            csrf={null}
          />
        </Card>
      )}
      <OffsetPager
        label="Pages of attachments"
        path={urls.issueAttachments(org, issue.id)}
        offset={offset}
        hasMore={found.length > PAGE_SIZE}
      />
    </IssueShell>,
  )
}

/** What was written about any event of the issue. */
export async function showIssueFeedback(app: App, c: WebContext) {
  const frame = await frameOf(app, c)
  const org = c.var.membership.slug
  const shell = shellOf(app, c)
  const offset = offsetIn(c)
  const page = { limit: PAGE_SIZE + 1, offset }
  const found = await listIssueFeedback(app.sql, frame.issue, page)
  return c.html(
    <IssueShell shell={shell} org={org} frame={frame} tab="feedback">
      {found.length === 0 ? (
        <EmptyState title="Nobody has written about this issue">
          <p>When somebody who meets it says something, it stands here.</p>
        </EmptyState>
      ) : (
        <Card title="User feedback" flush>
          {found.slice(0, PAGE_SIZE).map((each) => (
            <FeedbackMessage feedback={each} org={org} shell={shell} isLinked />
          ))}
        </Card>
      )}
      <OffsetPager
        label="Pages of feedback"
        path={urls.issueFeedback(org, frame.issue.id)}
        offset={offset}
        hasMore={found.length > PAGE_SIZE}
      />
    </IssueShell>,
  )
}

function offsetIn(c: WebContext): number {
  const asked = Math.floor(Number(c.req.query("offset"))) || 0
  return Math.min(Math.max(0, asked), MAX_OFFSET)
}

function OffsetPager(props: { label: string; path: string; offset: number; hasMore: boolean }) {
  const { label, path, offset, hasMore } = props
  if (offset === 0 && !hasMore) return null
  return (
    <Pager
      label={label}
      summary="Newest first"
      previous={offset > 0 ? `${path}?offset=${Math.max(0, offset - PAGE_SIZE)}` : null}
      next={hasMore ? `${path}?offset=${offset + PAGE_SIZE}` : null}
    />
  )
}
