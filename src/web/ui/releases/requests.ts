import type { ReleaseScope } from "#releases/catalog-store.ts"
import type { ReleaseCursor } from "#releases/list-page.ts"
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
  cursor: ReleaseCursor | null
}

export const PAGE_SIZE = 25
const MAX_OFFSET = 100_000
const ID = /^\d{1,18}$/

export function readReleasesRequest(c: WebContext): ReleasesRequest {
  const { query = "", sort, status, project = "", environment, after, before } = c.req.query()
  return {
    query: query.replaceAll("\0", "").trim().slice(0, 250),
    sort: sort === "semver" ? "semver" : "date",
    status: status === "archived" ? "archived" : "open",
    projectId: ID.test(project) ? project : null,
    environment: environment?.replaceAll("\0", "").slice(0, 64) || null,
    cursor: cursorOf("next", after) ?? cursorOf("previous", before),
  }
}

function cursorOf(
  direction: ReleaseCursor["direction"],
  id: string | undefined,
): ReleaseCursor | null {
  return id !== undefined && ID.test(id) ? { direction, id } : null
}

export function readOffset(text: string | undefined): number {
  return Math.min(Math.max(0, Math.floor(Number(text)) || 0), MAX_OFFSET)
}

/** The address of the list with another page of it, or with the first one. */
export function releasesHref(
  org: string,
  { query, sort, status, projectId, environment }: ReleasesRequest,
  cursor: ReleaseCursor | null = null,
): string {
  const search = new URLSearchParams({
    ...(query && { query }),
    ...(sort !== "date" && { sort }),
    ...(status !== "open" && { status }),
    ...(projectId && { project: projectId }),
    ...(environment && { environment }),
    ...(cursor && { [cursor.direction === "next" ? "after" : "before"]: cursor.id }),
  }).toString()
  return urls.releases(org) + (search ? `?${search}` : "")
}
