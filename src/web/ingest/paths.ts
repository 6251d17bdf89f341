type Endpoint =
  | "store"
  | "envelope"
  | "security"
  | "nel"
  | "tunnel"
  | "minidump"
  | "unreal"
  | "attachments"
  | "cron"

export type IngestPath = {
  endpoint: Endpoint
  /** As it stands there, number or not; null in `/api/store/` and `/tunnel/`. */
  projectId: string | null
  /** The key that some paths have in them. */
  key?: string | undefined
  /** What the path is about: an event's id, a monitor's slug. */
  subject?: string | undefined
}

/** One segment for the project; slashes are folded before, the one at the end is optional. */
const PATH = /^\/api\/(?:([^/]{1,64})\/)?(store|envelope|security|csp-report|nel|minidump)\/?$/
const TUNNEL = /^\/tunnel\/?$/
const UNREAL = /^\/api\/([^/]{1,64})\/unreal(?:\/([^/]{1,64}))?\/?$/
const ATTACHMENTS = /^\/api\/([^/]{1,64})\/events\/([^/]{1,64})\/attachments\/?$/
const CRON = /^\/api\/([^/]{1,64})\/cron\/([^/]{1,200})(?:\/([^/]{1,64}))?\/?$/
/** Where ingestion's paths end, query apart; anything longer is somebody else's. */
const MAX_PATH_CHARS = 512

/** Splits a URL as it stands in a request: `http://host/path?query`. The query comes without its question mark. */
export function splitUrl(url: string): { pathname: string; query: string } {
  const start = url.indexOf("/", url.indexOf("://") + 3)
  const mark = url.indexOf("?", start)
  return mark === -1
    ? { pathname: url.slice(start), query: "" }
    : { pathname: url.slice(start, mark), query: url.slice(mark + 1) }
}

/**
 * The ingestion endpoint that a path names; null for every other page. Clients are never redirected, so repeated slashes and a
 * missing last one are fine, and so is the prefix that the application is mounted below, there or not.
 */
export function ingestPath(pathname: string, prefix: string): IngestPath | null {
  const inside = pathInside(pathname, prefix)
  if (inside === null) return null
  if (TUNNEL.test(inside)) return { endpoint: "tunnel", projectId: null }
  const match = PATH.exec(inside)
  if (!match) return longerPath(inside)
  const [, projectId = null, name = ""] = match
  if (projectId === null && name !== "store") return null
  return { endpoint: name === "csp-report" ? "security" : (name as Endpoint), projectId }
}

/** Without the prefix and repeated slashes; null when it is too long to be one of ours. */
export function pathInside(pathname: string, prefix: string): string | null {
  if (pathname.length > MAX_PATH_CHARS) return null
  const folded = pathname.includes("//") ? pathname.replace(/\/{2,}/g, "/") : pathname
  return prefix !== "" && folded.startsWith(`${prefix}/`) ? folded.slice(prefix.length) : folded
}

function longerPath(inside: string): IngestPath | null {
  const unreal = UNREAL.exec(inside)
  if (unreal) {
    const [, projectId = "", key] = unreal
    return { endpoint: "unreal", projectId, key }
  }
  const attachments = ATTACHMENTS.exec(inside)
  if (attachments) {
    const [, projectId = "", subject] = attachments
    return { endpoint: "attachments", projectId, subject }
  }
  const cron = CRON.exec(inside)
  if (!cron) return null
  const [, projectId = "", subject, key] = cron
  return { endpoint: "cron", projectId, subject, key }
}
