import type { App } from "#app.ts"
import { readSearch } from "#issues/search/search.ts"
import { listStreamProjects } from "#issues/stream/facts-store.ts"
import { issueSeries } from "#issues/stream/series-store.ts"
import { countStream, listStreamRefs } from "#issues/stream/store.ts"
import type { WebContext } from "../../../context.ts"
import { shellOf } from "../../shell.ts"
import { changeToken, scopeOf } from "./data.ts"
import { readStreamRequest } from "./request.ts"

const MAX_ROWS = 100

/**
 * What a page that is looked at asks every 20 seconds. 204 while no batch of its projects stored anything: one small query.
 * Else how many matching issues are new since the page was made, and the events of its rows.
 */
export async function streamChanges(app: App, c: WebContext) {
  const { membership } = c.var
  const shell = shellOf(app, c)
  const request = readStreamRequest(c)
  const projects = await listStreamProjects(app.sql, membership.organizationId)
  const token = changeToken(projects, shell.now)
  const [since = "", sequence] = (c.req.query("since") ?? "").split(".", 2)
  const search = readSearch(request.query, shell.now)
  if (token.split(".")[1] === sequence || !search.ok) return c.body(null, 204)
  const scope = scopeOf({ membership, shell }, request, projects)
  const from = new Date(Math.min(Number(since) || Infinity, shell.now.getTime()))
  const isNew = { kind: "time", column: "firstSeen", from } as const
  const ids = (c.req.queries("id") ?? []).filter((id) => /^\d{1,18}$/.test(id)).slice(0, MAX_ROWS)
  const rows = await listStreamRefs(app.sql, scope, ids)
  const [news, series] = await Promise.all([
    countStream(app.sql, scope, { kind: "and", of: [search.condition, isNew] }),
    issueSeries(app.sql, scope, rows),
  ])
  const events = Object.fromEntries(
    rows.map(({ id }) => [id, (series.get(id) ?? []).reduce((sum, count) => sum + count, 0)]),
  )
  // The moment stays that of the page, so that the pill counts everything since it was made.
  return c.json({ token: `${since}.${token.split(".")[1]}`, news, events })
}
