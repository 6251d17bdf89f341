import { Hono } from "hono"
import type { App } from "#app.ts"
import { AppError } from "#platform/errors.ts"
import { listKeyLabels } from "#projects/keys-store.ts"
import { parseEventId } from "#protocol/event-id.ts"
import { listUsage } from "#stats/usage-store.ts"
import { listVerdicts } from "#stats/verdict-store.ts"
import { findEventFate } from "../../event-fate.ts"
import { answerList } from "../answer.ts"
import { type Access, type ApiContext, type ApiEnv, accessIn, notFound } from "../caller.ts"
import { resolveProjects } from "../issues/search.ts"
import { cutPage, readPage } from "../pagination.ts"
import { readLegacyStat, readUsageRequest } from "./requests.ts"
import { serializeAccepted, serializeUsage, serializeVerdict } from "./serialize.ts"

const ERRORS = ["error", "security"]

/** What became of everything that was sent: in numbers, and one event at a time. */
export function statsRoutes(app: App): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>()
  routes.get("/organizations/:org/stats_v2/", (c) => showUsage(app, c))
  routes.get("/projects/:org/:project/stats/", (c) => showLegacyStat(app, c))
  routes.get("/projects/:org/:project/verdicts/", (c) => showVerdicts(app, c))
  return routes
}

async function showUsage(app: App, c: ApiContext) {
  const access = accessIn(c, c.req.param("org") ?? "", "org:read")
  const url = new URL(c.req.url)
  const names = url.searchParams.getAll("project").filter((name) => name !== "-1")
  const projectIds = await resolveProjects(app, access, names)
  const request = readUsageRequest(url, app.clock.now())
  const scope = { ...request.scope, projectIds }
  const rows = await listUsage(app.sql, scope, request.groupBy, request.starts)
  return c.json(serializeUsage(request, rows))
}

/** The form of Sentry 8: pairs of a moment and a number, of errors only. */
async function showLegacyStat(app: App, c: ApiContext) {
  const access = accessIn(c, c.req.param("org") ?? "", "project:read")
  const projectId = await projectIn(app, c, access)
  const { outcomes, starts, to } = readLegacyStat(c.req.query(), app.clock.now())
  const from = starts[0] ?? to
  const scope = { projectIds: [projectId], from, to, categories: ERRORS, outcomes }
  const rows = await listUsage(app.sql, scope, [], starts)
  return c.json(
    starts.map((start, index) => [
      start.getTime() / 1000,
      rows.find(({ bucket }) => bucket === index)?.quantity ?? 0,
    ]),
  )
}

/** Ours: where is my event? With `eventId` what became of it, without the last items that were not stored. */
async function showVerdicts(app: App, c: ApiContext) {
  const access = accessIn(c, c.req.param("org") ?? "", "event:read")
  const projectId = await projectIn(app, c, access)
  const keys = await listKeyLabels(app.sql, [projectId])
  const page = readPage(c.req.query())
  const { eventId } = c.req.query()
  if (eventId !== undefined) {
    const id = parseEventId(eventId)
    if (!id) throw new AppError("invalid", "Invalid event ID.")
    const { event, feedback, verdicts } = await findEventFate(app, [projectId], id)
    return c.json([
      ...(event ? [serializeAccepted(id, "error", event)] : []),
      ...feedback.map((each) => serializeAccepted(id, "feedback", each)),
      ...verdicts.map((verdict) => serializeVerdict(verdict, keys)),
    ])
  }
  const found = await listVerdicts(
    app.sql,
    { projectIds: [projectId] },
    { limit: page.limit + 1, offset: page.offset },
  )
  const { rows, hasMore } = cutPage(found, page)
  const items = rows.map((verdict) => serializeVerdict(verdict, keys))
  return answerList(app, c, { items, page, hasMore })
}

async function projectIn(app: App, c: ApiContext, access: Access): Promise<string> {
  const [id] = await resolveProjects(app, access, [c.req.param("project") ?? ""]).catch(() => [])
  if (!id) throw notFound()
  return id
}
