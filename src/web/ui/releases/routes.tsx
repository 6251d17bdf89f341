import { Hono } from "hono"
import type { App } from "#app.ts"
import { publicAddress } from "#config.ts"
import { listChangedFiles, listReleaseCommits } from "#releases/history-store.ts"
import type { WebContext, WebEnv } from "../../context.ts"
import { requireOrganization, requireScope } from "../../middleware/access.ts"
import { changeOne } from "./change.ts"
import { showComparison } from "./compare.tsx"
import { frameOf } from "./frame.ts"
import { CommitsPage, FilesPage, HISTORY_PAGE_SIZE } from "./history-pages.tsx"
import { showList } from "./list.tsx"
import { showOverview } from "./overview.tsx"
import { readOffset } from "./requests.ts"

const LIST = "/organizations/:org/releases/"
const ONE = `${LIST}:version/`

export function releaseRoutes(app: App): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()
  const canRead = requireScope("project:read")
  routes.get(LIST, requireOrganization, canRead, (c) => showList(app, c))
  routes.get(ONE, requireOrganization, canRead, (c) => showOverview(app, c))
  routes.post(ONE, requireOrganization, canRead, (c) => changeOne(app, c))
  routes.get(`${ONE}compare/`, requireOrganization, canRead, (c) => showComparison(app, c))
  routes.get(`${ONE}commits/`, requireOrganization, canRead, (c) => showCommits(app, c))
  routes.get(`${ONE}files-changed/`, requireOrganization, canRead, (c) => showFiles(app, c))
  return routes
}

async function showCommits(app: App, c: WebContext) {
  const frame = await frameOf(app, c)
  const offset = readOffset(c.req.query("offset"))
  const page = { limit: HISTORY_PAGE_SIZE + 1, offset }
  const rows = await listReleaseCommits(app.sql, frame.release.id, page)
  return c.html(<CommitsPage {...frame} {...cut(app, rows, offset)} />)
}

async function showFiles(app: App, c: WebContext) {
  const frame = await frameOf(app, c)
  const offset = readOffset(c.req.query("offset"))
  const page = { limit: HISTORY_PAGE_SIZE + 1, offset }
  const rows = await listChangedFiles(app.sql, frame.release.id, page)
  return c.html(<FilesPage {...frame} {...cut(app, rows, offset)} />)
}

function cut<Row>(app: App, found: readonly Row[], offset: number) {
  return {
    address: publicAddress(app.config),
    rows: found.slice(0, HISTORY_PAGE_SIZE),
    hasMore: found.length > HISTORY_PAGE_SIZE,
    offset,
  }
}
