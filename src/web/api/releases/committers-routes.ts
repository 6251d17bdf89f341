import { Hono } from "hono"
import type { App } from "#app.ts"
import { findProjectEvent } from "#events/read-store.ts"
import { openEvent } from "#events/stored-event.ts"
import { findSuspectCommits, type SuspectCommit } from "#issues/resolving/suspects.ts"
import { parseEventId } from "#protocol/event-id.ts"
import { type ApiContext, type ApiEnv, accessIn, notFound } from "../caller.ts"
import { pathProject } from "./requests.ts"
import { serializeCommit } from "./serialize.ts"

const MAX_SUSPECTS = 25

/** Who may have brought what an event tells of. */
export function committersRoutes(app: App): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>()
  routes.get("/projects/:org/:project/events/:event/committers/", (c) => committers(app, c))
  return routes
}

async function committers(app: App, c: ApiContext) {
  const access = accessIn(c, c.req.param("org") ?? "", "project:read", "event:read")
  const projectId = await pathProject(app, c, access)
  const eventId = parseEventId(c.req.param("event"))
  const row = projectId && eventId ? await findProjectEvent(app.sql, { projectId, eventId }) : null
  if (!row) throw notFound()
  const stored = openEvent(row)
  const suspects = await findSuspectCommits(app.sql, row, stored.event, MAX_SUSPECTS)
  if (suspects.length === 0) throw notFound()
  return c.json({ committers: byAuthor(suspects) })
}

/** The authors with the most points first. */
function byAuthor(suspects: readonly SuspectCommit[]) {
  const groups = Map.groupBy(suspects, ({ author }) => author?.email ?? "")
  const points = (commits: readonly SuspectCommit[]) =>
    commits.reduce((sum, { score }) => sum + score, 0)
  return [...groups.values()]
    .sort((a, b) => points(b) - points(a))
    .map((commits) => ({
      author: commits[0]?.author ?? null,
      commits: commits.map((commit) => ({ ...serializeCommit(commit), score: commit.score })),
    }))
}
