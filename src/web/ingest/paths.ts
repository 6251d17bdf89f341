export type Endpoint = "store" | "envelope" | "security" | "nel" | "tunnel"

export type IngestPath = {
  endpoint: Endpoint
  /** As it stands there, number or not; null in `/api/store/` and `/tunnel/`. */
  projectId: string | null
}

/** One segment for the project; slashes are folded before, the one at the end is optional. */
const PATH = /^\/api\/(?:([^/]{1,64})\/)?(store|envelope|security|csp-report|nel)\/?$/
const TUNNEL = /^\/tunnel\/?$/
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
  if (pathname.length > MAX_PATH_CHARS) return null
  const folded = pathname.includes("//") ? pathname.replace(/\/{2,}/g, "/") : pathname
  const inside =
    prefix !== "" && folded.startsWith(`${prefix}/`) ? folded.slice(prefix.length) : folded
  if (TUNNEL.test(inside)) return { endpoint: "tunnel", projectId: null }
  const match = PATH.exec(inside)
  if (!match) return null
  const [, projectId = null, name = ""] = match
  if (projectId === null && name !== "store") return null
  return { endpoint: name === "csp-report" ? "security" : (name as Endpoint), projectId }
}
