import type { Scope } from "#accounts/organizations/roles.ts"
import type { App } from "#app.ts"
import type { IssueRef } from "#issues/issue.ts"
import { readSearch } from "#issues/search/search.ts"
import { listMatchingRefs, listStreamRefs } from "#issues/stream/store.ts"
import { AppError } from "#platform/errors.ts"
import { type Access, type ApiContext, accessIn, notFound } from "../caller.ts"
import { readEnvironments, readProjects, readWindow, searchPeriod } from "./requests.ts"
import { queryError, resolveProjects } from "./search.ts"

/** The addresses of several issues: of an organization, and of one project. */
export const SEVERAL_PATHS = [
  "/organizations/:org/issues/",
  "/projects/:org/:project/issues/",
] as const

const MAX_ISSUES = 1_000

type Several = { access: Access; projectIds: readonly string[] }

/** Throws not_found for a project that the caller cannot see. */
export async function scopeOfSeveral(app: App, c: ApiContext, scope: Scope): Promise<Several> {
  const access = accessIn(c, c.req.param("org") ?? "", scope)
  const project = c.req.param("project")
  if (project === undefined) {
    return { access, projectIds: await resolveProjects(app, access, readProjects(c)) }
  }
  const projectIds = await resolveProjects(app, access, [project]).catch(() => {
    throw notFound()
  })
  return { access, projectIds }
}

/** Those of the address's ids that are issues in scope. Throws invalid without ids: a query never ends more than was meant. */
export async function namedIssues(app: App, c: ApiContext, scope: Several): Promise<IssueRef[]> {
  if (idsIn(c).length === 0) throw new AppError("invalid", "Name the issues: id=1&id=2")
  return issuesById(app, c, scope)
}

/** Those named by `id`, else what matches `query` or `status`, a thousand at most. */
export async function meantIssues(app: App, c: ApiContext, scope: Several): Promise<IssueRef[]> {
  if ((c.req.queries("id") ?? []).length > 0) return issuesById(app, c, scope)
  const now = app.clock.now()
  const query = queryIn(c)
  const search = readSearch(query, now)
  if (!search.ok) throw queryError(query, search)
  const { organizationId, userId: viewerId } = scope.access
  return listMatchingRefs(
    app.sql,
    {
      organizationId,
      projectIds: scope.projectIds,
      environments: readEnvironments(c),
      period: searchPeriod(readWindow(c.req.query(), now)),
      viewerId,
    },
    search.condition,
    { createdBefore: now, limit: MAX_ISSUES },
  )
}

/** Of a project without a word about which, all: that is what `sentry-cli issues resolve --all` asks for. */
function queryIn(c: ApiContext): string {
  const { query, status } = c.req.query()
  if (query !== undefined) return query
  if (status) return `is:${status}`
  return c.req.param("project") === undefined ? "is:unresolved" : ""
}

function issuesById(app: App, c: ApiContext, { access, projectIds }: Several) {
  const { organizationId } = access
  return listStreamRefs(app.sql, { organizationId, projectIds }, idsIn(c).slice(0, MAX_ISSUES))
}

function idsIn(c: ApiContext): string[] {
  return (c.req.queries("id") ?? []).filter((id) => /^\d{1,18}$/.test(id))
}
