import { Hono } from "hono"
import type { App } from "#app.ts"
import { listStreamProjects } from "#issues/stream/facts-store.ts"
import { periodOf } from "#issues/stream/period.ts"
import { listKeyLabels } from "#projects/keys-store.ts"
import { listUsage } from "#stats/usage-store.ts"
import { urls } from "#urls.ts"
import type { WebContext, WebEnv } from "../../context.ts"
import { requireOrganization, requireScope } from "../../middleware/access.ts"
import { shellOf } from "../shell.ts"
import { readStatsRequest, type StatsRequest } from "./requests.ts"
import { StatsPage } from "./stats-page.tsx"
import { loadStats, scopeOf } from "./usage.ts"
import { usageCsv } from "./usage-csv.ts"
import { loadWhere } from "./where-data.ts"
import { WherePage } from "./where-page.tsx"
import { readWhereRequest } from "./where-request.ts"

const STATS = "/organizations/:org/stats/"
const WHERE = "/organizations/:org/stats/where/"

/** What became of everything that was sent, in numbers, and one event at a time. */
export function statsRoutes(app: App): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()
  routes.get(STATS, requireOrganization, requireScope("project:read"), (c) => showStats(app, c))
  routes.get(WHERE, requireOrganization, requireScope("event:read"), async (c) => {
    const { organizationId, slug } = c.var.membership
    const request = readWhereRequest(c)
    const data = await loadWhere(app, organizationId, request)
    return c.html(<WherePage shell={shellOf(app, c)} org={slug} request={request} data={data} />)
  })
  routes.get("/settings/:org/stats/", requireOrganization, (c) =>
    c.redirect(urls.stats(c.var.membership.slug) + new URL(c.req.url).search),
  )
  return routes
}

async function showStats(app: App, c: WebContext) {
  const { organizationId, slug } = c.var.membership
  const projects = await listStreamProjects(app.sql, organizationId)
  const projectIds = projects.map(({ id }) => id)
  const asked = readStatsRequest(c)
  // One of another organization is not there.
  const isOurs = asked.projectId !== null && projectIds.includes(asked.projectId)
  const request = isOurs ? asked : { ...asked, projectId: null, keyId: null }
  const shell = shellOf(app, c)
  if (c.req.query("format") === "csv") return sendCsv(app, c, { projectIds, request, ...shell })
  return c.html(
    <StatsPage
      shell={shell}
      org={slug}
      request={request}
      projects={projects}
      keys={request.projectId ? await listKeyLabels(app.sql, [request.projectId]) : []}
      data={await loadStats(app, projectIds, request, shell)}
    />,
  )
}

type CsvOf = { projectIds: readonly string[]; request: StatsRequest; now: Date; zone: string }

/** Every category, whichever the page shows. */
async function sendCsv(app: App, c: WebContext, { projectIds, request, now, zone }: CsvOf) {
  const period = periodOf(request.period, now, zone)
  const scope = scopeOf(projectIds, request, period)
  const rows = await listUsage(app.sql, scope, ["category", "outcome", "reason"], period.starts)
  return c.body(usageCsv(rows, period.starts), 200, {
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": `attachment; filename="stats-${request.period}.csv"`,
  })
}
