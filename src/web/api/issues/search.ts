import type { App } from "#app.ts"
import { findEventIssue } from "#events/read-store.ts"
import type { IssueRef } from "#issues/issue.ts"
import { findIssuePlace } from "#issues/place-store.ts"
import { parseShortId } from "#issues/short-id.ts"
import { listStreamProjects } from "#issues/stream/facts-store.ts"
import { searchIssues } from "#issues/stream/search.ts"
import type { Sort } from "#issues/stream/stream.ts"
import { AppError } from "#platform/errors.ts"
import type { Access } from "../caller.ts"
import type { Page } from "../pagination.ts"
import { searchPeriod, type Window } from "./requests.ts"

/** How far a list can be paged, as in Sentry; `X-Max-Hits` says so. */
export const MAX_HITS = 1000

export type IssueSearch = {
  query: string
  sort: Sort
  window: Window
  environments: readonly string[]
  projectIds: readonly string[]
  page: Page
}

export type Found = { issues: readonly IssueRef[]; hasMore: boolean; hits: number }

/** A page by offset: the rows up to its end are read and those before it left out. Throws invalid for a query with a mistake. */
export async function findIssues(
  app: Pick<App, "sql">,
  access: Access,
  search: IssueSearch,
): Promise<Found> {
  const { page } = search
  const end = Math.min(page.offset + page.limit, MAX_HITS)
  const answer = await searchIssues(app.sql, {
    organizationId: access.organizationId,
    projectIds: search.projectIds,
    environments: search.environments,
    period: searchPeriod(search.window),
    viewerId: access.userId,
    query: search.query,
    sort: search.sort,
    // Beyond the end only the number of hits is wanted.
    limit: page.offset < end ? end : 1,
  })
  if (!answer.ok) throw queryError(search.query, answer)
  const { issues, next, hits } = answer.page
  return {
    issues: issues.slice(page.offset),
    hasMore: next !== null && end < MAX_HITS,
    hits: Math.min(hits.count, MAX_HITS),
  }
}

export function queryError(
  query: string,
  mistake: { message: string; at: { from: number; to: number } },
): AppError {
  const near = query.slice(mistake.at.from, mistake.at.to).slice(0, 50)
  return new AppError(
    "invalid",
    `Error parsing search query: ${mistake.message} (at '${near}', column ${mistake.at.from + 1})`,
  )
}

/** The projects that a request names; without names, all. One that the caller cannot see is forbidden, be it there or not. */
export async function resolveProjects(
  app: Pick<App, "sql">,
  access: Access,
  names: readonly string[],
): Promise<string[]> {
  const projects = await listStreamProjects(app.sql, access.organizationId)
  if (names.length === 0) return projects.map(({ id }) => id)
  return names.map((name) => {
    const project = projects.find(({ id, slug }) => id === name || slug === name)
    if (project) return project.id
    throw new AppError("forbidden", "You do not have permission to perform this action.")
  })
}

const EVENT_ID = /^[0-9a-f]{32}$/

export type DirectHit = IssueRef & { eventId: string | null }

/** The one issue that a query means when it is nothing but the id of an event or (asked for) a short id. */
export async function findDirectHit(
  app: Pick<App, "sql">,
  request: {
    organizationId: string
    projectIds: readonly string[]
    query: string
    withShortIds: boolean
  },
): Promise<DirectHit | null> {
  const text = request.query.trim()
  const eventId = text.replaceAll("-", "").toLowerCase()
  if (EVENT_ID.test(eventId)) {
    const found = await findEventIssue(app.sql, { projectIds: request.projectIds, eventId })
    return found && { projectId: found.projectId, id: found.issueId, eventId }
  }
  if (!request.withShortIds || !parseShortId(text)) return null
  const place = await findIssuePlace(app.sql, [request.organizationId], text)
  const isInScope = place && request.projectIds.includes(place.projectId)
  return isInScope ? { projectId: place.projectId, id: place.id, eventId: null } : null
}
