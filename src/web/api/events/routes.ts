import { Hono } from "hono"
import type { App } from "#app.ts"
import {
  type EventFilter,
  findNeighbours,
  type IssueEvents,
  listEvents,
} from "#events/read-store.ts"
import { openEvent, type StoredEvent } from "#events/stored-event.ts"
import { findWhichEvent } from "#events/which-event.ts"
import type { IssueDetail } from "#issues/detail-store.ts"
import { readEventSearch } from "#issues/event-filter.ts"
import { listHashTexts } from "#issues/moving/hash-store.ts"
import { termOf } from "#normalize/event-tags.ts"
import { AppError } from "#platform/errors.ts"
import { answerList } from "../answer.ts"
import { type ApiContext, type ApiEnv, notFound } from "../caller.ts"
import { findIssue, ISSUE_PATHS } from "../issues/paths.ts"
import { readEnvironments, readWindow } from "../issues/requests.ts"
import { queryError } from "../issues/search.ts"
import { cutPage, readPage } from "../pagination.ts"
import { serializeEvent, serializeEventSummary } from "./serialize.ts"

/** Leaving out rows costs reading them; nobody pages this far by hand. */
const MAX_OFFSET = 10_000
/** A whole event may be a megabyte. */
const MAX_FULL_EVENTS = 25

export function eventRoutes(app: App): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>()
  for (const path of ISSUE_PATHS) {
    routes.get(`${path}events/`, (c) => list(app, c))
    routes.get(`${path}events/:event/`, (c) => show(app, c))
  }
  return routes
}

async function list(app: App, c: ApiContext) {
  const { issue } = await findIssue(app, c, "event:read")
  const isFull = ["1", "true"].includes(c.req.query("full") ?? "")
  const asked = readPage(c.req.query())
  const page = isFull ? { ...asked, limit: Math.min(asked.limit, MAX_FULL_EVENTS) } : asked
  const found = await listEvents(app.sql, eventsOf(issue), {
    limit: page.limit + 1,
    offset: Math.min(page.offset, MAX_OFFSET),
    filter: readFilter(app, c),
  })
  const { rows, hasMore } = cutPage(found, page)
  const events = rows.map(openEvent)
  const items = isFull
    ? await wholeEvents(app, issue, events)
    : events.map((event) => serializeEventSummary(event, issue))
  return answerList(app, c, { items, page, hasMore: hasMore && page.offset < MAX_OFFSET })
}

async function show(app: App, c: ApiContext) {
  const { issue } = await findIssue(app, c, "event:read")
  const filter = environmentFilter(c)
  const scope = eventsOf(issue)
  const stored = await findWhichEvent(app.sql, scope, c.req.param("event") ?? "", filter)
  if (!stored) throw notFound()
  const neighbours = await findNeighbours(app.sql, scope, stored, filter)
  const hashes = await listHashTexts(app.sql, scope, [stored.hashId])
  return c.json(serializeEvent(stored, issue, { neighbours, hashes }))
}

async function wholeEvents(
  app: Pick<App, "sql">,
  issue: IssueDetail,
  events: readonly StoredEvent[],
) {
  const neighbours = { older: null, newer: null }
  const ids = events.map(({ hashId }) => hashId)
  const hashes = await listHashTexts(app.sql, eventsOf(issue), ids)
  return events.map((event) => serializeEvent(event, issue, { neighbours, hashes }))
}

/** The search within an issue's events, narrowed to a window of time when one is named. */
function readFilter(app: Pick<App, "clock">, c: ApiContext): EventFilter {
  const text = c.req.query("query") ?? ""
  const search = readEventSearch(text)
  if (!search.ok) throw queryError(text, search)
  const { terms } = environmentFilter(c)
  const filter = { terms: [...search.filter.terms, ...terms] }
  const { statsPeriod, start, end } = c.req.query()
  if (!statsPeriod && !start && !end) return filter
  const { from, to } = readWindow(c.req.query(), app.clock.now())
  return { ...filter, from, to }
}

/** Events carry one environment, so several of them could only find nothing. */
function environmentFilter(c: ApiContext): EventFilter {
  const environments = readEnvironments(c).filter((name) => name !== "")
  if (environments.length > 1) {
    throw new AppError("invalid", "Events are listed for one environment at a time.")
  }
  return { terms: environments.map((name) => termOf("environment", name)) }
}

function eventsOf(issue: IssueDetail): IssueEvents {
  return { ...issue, issueId: issue.id }
}
