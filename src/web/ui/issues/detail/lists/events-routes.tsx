import type { App } from "#app.ts"
import { listEvents } from "#events/read-store.ts"
import { openEvent } from "#events/stored-event.ts"
import { findWhichEvent } from "#events/which-event.ts"
import { readEventSearch } from "#issues/event-filter.ts"
import { listTagKeys } from "#issues/tags/shares-store.ts"
import { urls } from "#urls.ts"
import type { WebContext } from "../../../../context.ts"
import { shellOf } from "../../../shell.ts"
import { frameOf } from "../frame-of.ts"
import { eventsOf } from "../load.ts"
import { EventsPage } from "./events-page.tsx"

const EVENTS_PER_PAGE = 50
const MAX_COLUMNS = 4
const MAX_OFFERED_KEYS = 40
/** They have columns of their own. */
const OWN_COLUMNS = ["user", "release", "environment"]

/** The stored events of the issue, newest received first, as the address filters them. */
export async function showEvents(app: App, c: WebContext) {
  const frame = await frameOf(app, c)
  const wish = readEventsWish(c)
  const search = readEventSearch(wish.query)
  const scope = eventsOf(frame.issue)
  const [place, keys] = await Promise.all([
    wish.before ? findWhichEvent(app.sql, scope, wish.before, { terms: [] }) : null,
    listTagKeys(app.sql, frame.issue, MAX_OFFERED_KEYS),
  ])
  const filter = search.ok && { ...search.filter, ...wish.range }
  const rows = filter
    ? await listEvents(app.sql, scope, { limit: EVENTS_PER_PAGE + 1, before: place, filter })
    : []
  const events = rows.slice(0, EVENTS_PER_PAGE).map(openEvent)
  const path = urls.issueEvents(c.var.membership.slug, frame.issue.id)
  const last = rows.length > EVENTS_PER_PAGE ? events.at(-1) : undefined
  return c.html(
    <EventsPage
      shell={shellOf(app, c)}
      org={c.var.membership.slug}
      frame={frame}
      events={events}
      wish={wish}
      keys={keys.filter((key) => !OWN_COLUMNS.includes(key))}
      queryError={search.ok ? null : search.message}
      newestHref={place ? `${path}?${wish.address}` : null}
      olderHref={
        last ? `${path}?${new URLSearchParams([...wish.address, ["before", last.eventId]])}` : null
      }
    />,
  )
}

/** What the address of an event list asks for. */
export type EventsWish = {
  query: string
  before: string | null
  range: { from?: Date; to?: Date }
  /** Keys of tags that are shown as columns. */
  columns: string[]
  /** The same as an address, without the page. */
  address: URLSearchParams
}

function readEventsWish(c: WebContext): EventsWish {
  const { searchParams } = new URL(c.req.url)
  const query = searchParams.get("query") ?? ""
  const [from, to] = [dateIn(searchParams.get("start")), dateIn(searchParams.get("end"))]
  const columns = [...new Set(searchParams.getAll("column"))]
    .filter((key) => key !== "" && key.length <= 200)
    .slice(0, MAX_COLUMNS)
  const address = new URLSearchParams([
    ...(query ? [["query", query]] : []),
    ...(from ? [["start", from.toISOString()]] : []),
    ...(to ? [["end", to.toISOString()]] : []),
    ...columns.map((key) => ["column", key]),
  ])
  const range = { ...(from && { from }), ...(to && { to }) }
  return { query, before: searchParams.get("before"), range, columns, address }
}

/** Times before 2000 and after 2100 are mistakes, and PostgreSQL does not know all that a Date can hold. */
function dateIn(text: string | null): Date | null {
  const at = new Date(text ?? "")
  const year = at.getUTCFullYear()
  return year >= 2000 && year <= 2100 ? at : null
}
