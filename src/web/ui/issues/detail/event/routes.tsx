import type { App } from "#app.ts"
import { publicAddress } from "#config.ts"
import { findWhichEvent } from "#events/which-event.ts"
import { readEventSearch } from "#issues/event-filter.ts"
import { AppError } from "#platform/errors.ts"
import { urls } from "#urls.ts"
import type { WebContext } from "../../../../context.ts"
import { shellOf } from "../../../shell.ts"
import { frameOf } from "../frame-of.ts"
import { eventsOf, type IssueFrame, loadEventPage } from "../load.ts"
import { traceView } from "../trace/view.ts"
import { eventMarkdown } from "./markdown.ts"
import { DetailsPage } from "./page.tsx"

/** One event of the issue; `which` as findWhichEvent takes it. */
export async function showEvent(app: App, c: WebContext, which: string) {
  const frame = await frameOf(app, c)
  const query = c.req.query("query") ?? ""
  const search = readEventSearch(query)
  const filter = search.ok ? search.filter : { terms: [] }
  const data = await loadEventPage(app, frame, which, filter)
  const shell = shellOf(app, c)
  const org = c.var.membership.slug
  const eventId = data.stored?.eventId ?? which
  const view = traceView(new URL(c.req.url), shell.viewer.user.preferences, {
    form: { action: urls.issue(org, frame.issue.id), csrf: shell.csrf, eventId, query },
    sourceMapsHref: urls.eventSourceMaps(org, frame.issue.id, eventId),
  })
  const queryError = search.ok ? null : search.message
  const wanted = c.req.query("do") ?? ""
  return c.html(
    <DetailsPage
      shell={shell}
      org={org}
      data={data}
      view={view}
      {...{ query, queryError, wanted }}
    />,
  )
}

export async function showJson(app: App, c: WebContext) {
  const stored = await findStored(app, c, await frameOf(app, c))
  const isDownload = c.req.query("download") !== undefined
  return c.body(JSON.stringify(stored.event, null, 2), 200, {
    "content-type": "application/json; charset=utf-8",
    // Event ids are hex digits: nothing in them can break out of the header.
    ...(isDownload && {
      "content-disposition": `attachment; filename="${stored.eventId}.json"`,
    }),
  })
}

export async function showMarkdown(app: App, c: WebContext) {
  const frame = await frameOf(app, c)
  const stored = await findStored(app, c, frame)
  const path = urls.event(c.var.membership.slug, frame.issue.id, stored.eventId)
  const link = publicAddress(app.config).replace(/\/$/, "") + path
  return c.body(eventMarkdown(frame.issue, stored, link), 200, {
    "content-type": "text/plain; charset=utf-8",
  })
}

/** The event in the path. Throws not_found. */
export async function findStored(app: App, c: WebContext, frame: IssueFrame) {
  const which = c.req.param("event") ?? "latest"
  const stored = await findWhichEvent(app.sql, eventsOf(frame.issue), which, { terms: [] })
  if (!stored) throw new AppError("not_found", "This event is gone, or was never here.")
  return stored
}
