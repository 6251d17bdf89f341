import { Hono } from "hono"
import type { Actor } from "#accounts/organizations/actor.ts"
import type { App } from "#app.ts"
import type { IssueRef } from "#issues/issue.ts"
import { deleteIssuesForGood } from "#issues/moving/deleting.ts"
import type { Access, ApiContext, ApiEnv } from "../caller.ts"
import { findIssue, ISSUE_PATHS } from "./paths.ts"
import { namedIssues, SEVERAL_PATHS, scopeOfSeveral } from "./several.ts"

/** What ends issues: deleting those that the address names by `id`, and one. */
export function endingRoutes(app: App): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>()
  for (const path of SEVERAL_PATHS) routes.delete(path, (c) => removeNamed(app, c))
  for (const path of ISSUE_PATHS) routes.delete(path, (c) => removeOne(app, c))
  return routes
}

async function removeNamed(app: App, c: ApiContext) {
  const scope = await scopeOfSeveral(app, c, "event:admin")
  const issues = await namedIssues(app, c, scope)
  await deleteThem(app, c, scope.access, { issues, discard: false })
  return c.body(null, 204)
}

async function removeOne(app: App, c: ApiContext) {
  const { access, issue } = await findIssue(app, c, "event:admin")
  await deleteThem(app, c, access, { issues: [issue], discard: false })
  return c.body(null, 202)
}

export async function deleteThem(
  app: App,
  c: ApiContext,
  access: Access,
  request: { issues: readonly IssueRef[]; discard: boolean },
) {
  const { organizationId, userId, role } = access
  const actor: Actor = { userId, role: role ?? "member", ip: c.var.clientAddress }
  await deleteIssuesForGood(app, { organizationId, actor, ...request })
}
