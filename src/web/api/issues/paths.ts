import type { Scope } from "#accounts/organizations/roles.ts"
import type { App } from "#app.ts"
import type { IssueDetail } from "#issues/detail-store.ts"
import { findIssuePlace } from "#issues/place-store.ts"
import { type Access, type ApiContext, accessIn, callerOf, checked, notFound } from "../caller.ts"
import { getIssue } from "./answer.ts"

/** The addresses of one issue, which mean the same. */
export const ISSUE_PATHS = [
  "/organizations/:org/issues/:issue/",
  "/organizations/:org/groups/:issue/",
  "/issues/:issue/",
  "/groups/:issue/",
] as const

/** The issue of a path of ISSUE_PATHS, by id or short id. What the caller cannot see is not found; then the scope is asked for. */
export async function findIssue(
  app: Pick<App, "sql">,
  c: ApiContext,
  scope: Scope,
): Promise<{ access: Access; issue: IssueDetail }> {
  const id = c.req.param("issue") ?? ""
  const access = await accessTo(app, c, id, scope)
  return { access, issue: await getIssue(app, access, id) }
}

async function accessTo(
  app: Pick<App, "sql">,
  c: ApiContext,
  id: string,
  scope: Scope,
): Promise<Access> {
  const organization = c.req.param("org")
  if (organization !== undefined) return accessIn(c, organization, scope)
  const { accesses } = callerOf(c)
  const ids = accesses.map(({ organizationId }) => organizationId)
  const place = await findIssuePlace(app.sql, ids, id)
  const access = accesses.find(({ organizationId }) => organizationId === place?.organizationId)
  if (!access) throw notFound()
  return checked(access, [scope])
}
