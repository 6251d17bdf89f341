import { Hono } from "hono"
import type { App } from "#app.ts"
import { findProjectEvent } from "#events/read-store.ts"
import { openEvent } from "#events/stored-event.ts"
import type { ProcessingError } from "#normalize/event.ts"
import { parseEventId } from "#protocol/event-id.ts"
import { explainEvent, type FileExplanation } from "#symbolication/explain.ts"
import { urlCandidates } from "#symbolication/javascript/urls.ts"
import { isMapError } from "#symbolication/judge.ts"
import { type ApiContext, type ApiEnv, accessIn, notFound } from "../caller.ts"
import { resolveProjects } from "../issues/search.ts"

const PATH = "/projects/:org/:project/events/:event/source-map-debug/"

/** Sentry's words for people. */
const MESSAGES: Record<string, string> = {
  js_no_source: "Source code was not found",
  js_invalid_source: "Source map is invalid",
  js_invalid_sourcemap_location: "Invalid location in source map",
  js_missing_sources_content: "Missing sources content",
  fetch_generic_error: "The file could not be fetched",
  fetch_invalid_http_code: "The server did not give the file",
  fetch_timeout: "The server took too long",
  fetch_too_large: "The file is too large to be fetched",
  js_scraping_disabled: "Scraping is disabled",
}

/** Why an event's frames are not mapped, for programs. */
export function sourceMapDebugRoutes(app: App): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>()
  routes.get(PATH, (c) => show(app, c))
  return routes
}

async function show(app: App, c: ApiContext) {
  const access = accessIn(c, c.req.param("org") ?? "", "project:read")
  const names = [c.req.param("project") ?? ""]
  const [projectId] = await resolveProjects(app, access, names).catch(() => [])
  const eventId = parseEventId(c.req.param("event"))
  const row = projectId && eventId ? await findProjectEvent(app.sql, { projectId, eventId }) : null
  if (!projectId || !row) throw notFound()
  const { event } = openEvent(row)
  const errors = (event.errors ?? []).filter(isMapError)
  const files = await explainEvent(app, projectId, event)
  return c.json({ errors: errors.map(serializeError), files: files.map(serializeFile) })
}

function serializeError({ type, data, ...rest }: ProcessingError) {
  return { type, message: MESSAGES[type] ?? type, data: { ...rest, ...data } }
}

function serializeFile({ key, verdict, frames, mapUrl, reason, similar }: FileExplanation) {
  return {
    absPath: key.absPath,
    verdict,
    frames,
    debugId: key.debugId,
    release: key.release || null,
    dist: key.dist || null,
    candidates: urlCandidates(key.absPath),
    sourceMap: mapUrl,
    reason,
    similar,
  }
}
