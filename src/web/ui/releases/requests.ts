import type { ReleaseScope } from "#releases/catalog-store.ts"
import { urls } from "#urls.ts"
import type { WebContext } from "../../context.ts"

/** What part of the releases the list shows. */
export type ReleasesRequest = {
  query: string
  sort: ReleaseScope["sort"]
  status: "open" | "archived"
  /** null: all. */
  projectId: string | null
  environment: string | null
  offset: number
}

export const PAGE_SIZE = 25
const MAX_OFFSET = 100_000
const PROJECT_ID = /^\d{1,18}$/

export function readReleasesRequest(c: WebContext): ReleasesRequest {
  const { query = "", sort, status, project = "", environment, offset = "" } = c.req.query()
  return {
    query: query.replaceAll("\0", "").trim().slice(0, 250),
    sort: sort === "semver" ? "semver" : "date",
    status: status === "archived" ? "archived" : "open",
    projectId: PROJECT_ID.test(project) ? project : null,
    environment: environment?.replaceAll("\0", "").slice(0, 64) || null,
    offset: readOffset(offset),
  }
}

export function readOffset(text: string | undefined): number {
  return Math.min(Math.max(0, Math.floor(Number(text)) || 0), MAX_OFFSET)
}

export function releasesHref(
  org: string,
  request: ReleasesRequest,
  change: Partial<ReleasesRequest> = {},
): string {
  const { query, sort, status, projectId, environment, offset } = { ...request, ...change }
  const search = new URLSearchParams({
    ...(query && { query }),
    ...(sort !== "date" && { sort }),
    ...(status !== "open" && { status }),
    ...(projectId && { project: projectId }),
    ...(environment && { environment }),
    ...(offset > 0 && { offset: String(offset) }),
  }).toString()
  return urls.releases(org) + (search ? `?${search}` : "")
}
