import { Hono } from "hono"
import { z } from "zod"
import type { Actor } from "#accounts/organizations/actor.ts"
import type { App } from "#app.ts"
import type { IssueRef } from "#issues/issue.ts"
import { deleteIssuesForGood } from "#issues/moving/deleting.ts"
import { mergeIssues } from "#issues/moving/merging.ts"
import { listStreamRefs } from "#issues/stream/store.ts"
import { AppError } from "#platform/errors.ts"
import { type Access, type ApiContext, type ApiEnv, accessIn, checked } from "../caller.ts"
import { jsonBody } from "../json-body.ts"
import { findIssue, ISSUE_PATHS } from "./paths.ts"
import { readProjects } from "./requests.ts"
import { resolveProjects } from "./search.ts"

const MAX_IDS = 1_000
const changes = z.object({
  /** 1 or true. */
  merge: z.union([z.boolean(), z.number(), z.string()]).optional(),
  discard: z.boolean().optional(),
})

/** What ends issues: merging and deleting, for those that the address names by `id`, and for one. */
export function endingRoutes(app: App): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>()
  routes.put("/organizations/:org/issues/", (c) => change(app, c))
  routes.delete("/organizations/:org/issues/", (c) => removeNamed(app, c))
  for (const path of ISSUE_PATHS) routes.delete(path, (c) => removeOne(app, c))
  return routes
}

async function change(app: App, c: ApiContext) {
  const access = accessIn(c, c.req.param("org") ?? "", "event:write")
  const issues = await namedIssues(app, c, access)
  const { merge, discard } = changes.parse(await jsonBody(c))
  if (discard) {
    await deleteThem(app, c, checked(access, ["event:admin"]), { issues, discard })
    return c.body(null, 204)
  }
  if (!merge) throw new AppError("invalid", "Several issues can be merged or discarded at once.")
  const { target, sources } = await mergeIssues(app, { issues, actor: access.userId })
  return c.json({ merge: { parent: target.id, children: sources.map(({ id }) => id) } })
}

async function removeNamed(app: App, c: ApiContext) {
  const access = accessIn(c, c.req.param("org") ?? "", "event:admin")
  const issues = await namedIssues(app, c, access)
  await deleteThem(app, c, access, { issues, discard: false })
  return c.body(null, 204)
}

async function removeOne(app: App, c: ApiContext) {
  const { access, issue } = await findIssue(app, c, "event:admin")
  await deleteThem(app, c, access, { issues: [issue], discard: false })
  return c.body(null, 202)
}

async function deleteThem(
  app: App,
  c: ApiContext,
  access: Access,
  request: { issues: readonly IssueRef[]; discard: boolean },
) {
  const { organizationId, userId, role } = access
  const actor: Actor = { userId, role: role ?? "member", ip: c.var.clientAddress }
  await deleteIssuesForGood(app, { organizationId, actor, ...request })
}

/** Without ids nothing happens: a query never ends more issues than was meant. */
async function namedIssues(app: App, c: ApiContext, access: Access) {
  const ids = (c.req.queries("id") ?? []).filter((id) => /^\d{1,18}$/.test(id))
  if (ids.length === 0) throw new AppError("invalid", "Name the issues: id=1&id=2")
  const projectIds = await resolveProjects(app, access, readProjects(c))
  const { organizationId } = access
  return listStreamRefs(app.sql, { organizationId, projectIds }, ids.slice(0, MAX_IDS))
}
