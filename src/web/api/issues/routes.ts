import { Hono } from "hono"
import type { App } from "#app.ts"
import { applyAction } from "#issues/actions/actions.ts"
import { answerList } from "../answer.ts"
import { type Access, type ApiContext, type ApiEnv, accessIn, notFound } from "../caller.ts"
import { jsonBody } from "../json-body.ts"
import { type Page, readPage } from "../pagination.ts"
import { describeIssue, describeIssues } from "./answer.ts"
import { actionsFor, issueChanges } from "./changes.ts"
import { endingRoutes } from "./ending-routes.ts"
import { hashRoutes } from "./hash-routes.ts"
import { findIssue, ISSUE_PATHS } from "./paths.ts"
import {
  readEnvironments,
  readProjectSeries,
  readProjects,
  readSeries,
  readSort,
  readsInbox,
  readWindow,
  type Series,
  type Window,
} from "./requests.ts"
import { type DirectHit, findDirectHit, findIssues, MAX_HITS, resolveProjects } from "./search.ts"
import { severalRoutes } from "./several-routes.ts"

const DEFAULT_QUERY = "is:unresolved"

export function issueRoutes(app: App): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>()
  routes.get("/organizations/:org/issues/", (c) => listOfOrganization(app, c))
  routes.get("/projects/:org/:project/issues/", (c) => listOfProject(app, c))
  for (const path of ISSUE_PATHS) {
    routes.get(path, (c) => show(app, c))
    routes.put(path, (c) => change(app, c))
  }
  return routes
    .route("/", severalRoutes(app))
    .route("/", endingRoutes(app))
    .route("/", hashRoutes(app))
}

type ListScope = {
  access: Access
  projectIds: readonly string[]
  window: Window
  series: Series | null
}

async function listOfOrganization(app: App, c: ApiContext) {
  const access = accessIn(c, c.req.param("org") ?? "", "event:read")
  const query = c.req.query()
  const now = app.clock.now()
  const window = readWindow(query, now)
  const series = readSeries(query, window, now)
  const projectIds = await resolveProjects(app, access, readProjects(c))
  return list(app, c, { access, projectIds, window, series })
}

/** Here `statsPeriod` is that of the graphs, not of the search. */
async function listOfProject(app: App, c: ApiContext) {
  const access = accessIn(c, c.req.param("org") ?? "", "event:read")
  const { statsPeriod: _, ...query } = c.req.query()
  const now = app.clock.now()
  const window = readWindow(query, now)
  const series = readProjectSeries(c.req.query(), now)
  const projectIds = await resolveProjects(app, access, [c.req.param("project") ?? ""]).catch(
    () => {
      throw notFound()
    },
  )
  return list(app, c, { access, projectIds, window, series })
}

async function list(app: App, c: ApiContext, scope: ListScope) {
  const page = readPage(c.req.query())
  const query = c.req.query("query") ?? DEFAULT_QUERY
  const environments = readEnvironments(c)
  const sort = readSort(c.req.query("sort"))
  const hit = await findDirectHit(app, {
    organizationId: scope.access.organizationId,
    projectIds: scope.projectIds,
    query,
    withShortIds: c.req.query("shortIdLookup") === "1",
  })
  if (hit) return answerDirectHit(app, c, { ...scope, hit, page })
  const found = await findIssues(app, scope.access, { ...scope, query, sort, environments, page })
  const items = await describeIssues(app, scope.access, found.issues, {
    of: scope.series,
    environments,
    withInbox: readsInbox(c),
  })
  c.header("X-Hits", String(found.hits))
  c.header("X-Max-Hits", String(MAX_HITS))
  return answerList(app, c, { items, page, hasMore: found.hasMore })
}

async function answerDirectHit(
  app: App,
  c: ApiContext,
  { access, series, hit, page }: ListScope & { hit: DirectHit; page: Page },
) {
  const items = await describeIssues(app, access, [hit], { of: series, environments: [] })
  c.header("X-Sentry-Direct-Hit", "1")
  c.header("X-Hits", String(items.length))
  c.header("X-Max-Hits", String(MAX_HITS))
  const event = hit.eventId ? { matchingEventId: hit.eventId } : {}
  const answer = items.map((issue) => ({ ...issue, ...event }))
  return answerList(app, c, { items: answer, page, hasMore: false })
}

async function show(app: App, c: ApiContext) {
  const { access, issue } = await findIssue(app, c, "event:read")
  return c.json(await describeIssue(app, access, issue, { withInbox: readsInbox(c) }))
}

/** Answers the whole issue as it is afterwards: clients read it from here. */
async function change(app: App, c: ApiContext) {
  const { access, issue } = await findIssue(app, c, "event:write")
  const changes = issueChanges.parse(await jsonBody(c))
  const { organizationId } = access
  const context = { app, organizationId, projectId: issue.projectId }
  for (const action of await actionsFor(context, changes)) {
    await applyAction(app, { issues: [issue], actor: access.userId, action })
  }
  const changed = await findIssue(app, c, "event:write")
  return c.json(await describeIssue(app, access, changed.issue))
}
