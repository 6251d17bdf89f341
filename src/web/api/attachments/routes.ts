import { Hono } from "hono"
import type { App } from "#app.ts"
import { type Attachment, findAttachment, listAttachments } from "#attachments/store.ts"
import { findEventIssue } from "#events/read-store.ts"
import { utcDay } from "#platform/clock.ts"
import { parseEventId } from "#protocol/event-id.ts"
import { answerAttachment } from "../../attachment-answer.ts"
import { answerList } from "../answer.ts"
import { type ApiContext, type ApiEnv, accessIn, notFound } from "../caller.ts"
import { resolveProjects } from "../issues/search.ts"
import { cutPage, readPage } from "../pagination.ts"
import { apiTime } from "../time.ts"

const LIST = "/projects/:org/:project/events/:event/attachments/"
const ID = /^\d{1,18}$/
/** Of one event; more nobody sends. */
const MAX_ATTACHMENTS = 1000

export function attachmentRoutes(app: App): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>()
  routes.get(LIST, (c) => list(app, c))
  routes.get(`${LIST}:attachment/`, (c) => show(app, c))
  return routes
}

async function list(app: App, c: ApiContext) {
  const event = await eventOf(app, c)
  const page = readPage(c.req.query())
  const since = utcDay(new Date(0))
  const found = await listAttachments(app.sql, { ...event, since }, MAX_ATTACHMENTS)
  if (found.length === 0) await requireEvent(app, event)
  const { rows, hasMore } = cutPage(found.slice(page.offset), page)
  return answerList(app, c, { items: rows.map(serialize), page, hasMore })
}

/** What is known of it; with `?download` its bytes. */
async function show(app: App, c: ApiContext) {
  const event = await eventOf(app, c)
  const id = c.req.param("attachment") ?? ""
  const attachment = ID.test(id) ? await findAttachment(app.sql, { ...event, id }) : null
  if (!attachment) throw notFound()
  const isDownload = c.req.query("download") !== undefined
  return isDownload ? answerAttachment(app, attachment, "download") : c.json(serialize(attachment))
}

async function eventOf(app: App, c: ApiContext): Promise<{ projectId: string; eventId: string }> {
  const access = accessIn(c, c.req.param("org") ?? "", "project:read")
  const eventId = parseEventId(c.req.param("event"))
  const [projectId] = await resolveProjects(app, access, [c.req.param("project") ?? ""]).catch(
    () => [],
  )
  if (!projectId || !eventId) throw notFound()
  return { projectId, eventId }
}

async function requireEvent(
  app: App,
  { projectId, eventId }: { projectId: string; eventId: string },
) {
  const issue = await findEventIssue(app.sql, { projectIds: [projectId], eventId })
  if (!issue) throw notFound()
}

function serialize(attachment: Attachment) {
  return {
    id: attachment.id,
    event_id: attachment.eventId,
    type: attachment.type,
    name: attachment.name,
    mimetype: attachment.contentType,
    dateCreated: apiTime(attachment.receivedAt),
    size: attachment.size,
    headers: { "Content-Type": attachment.contentType },
    sha1: attachment.sha1,
  }
}
