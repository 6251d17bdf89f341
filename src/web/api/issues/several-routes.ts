import { Hono } from "hono"
import { z } from "zod"
import type { App } from "#app.ts"
import { applyToMany } from "#issues/actions/many.ts"
import type { IssueRef } from "#issues/issue.ts"
import { mergeIssues } from "#issues/moving/merging.ts"
import { AppError } from "#platform/errors.ts"
import { type Access, type ApiContext, type ApiEnv, checked } from "../caller.ts"
import { jsonBody } from "../json-body.ts"
import { describeIssues } from "./answer.ts"
import { actionsFor, type IssueChanges, issueChanges } from "./changes.ts"
import { deleteThem } from "./ending-routes.ts"
import { meantIssues, namedIssues, SEVERAL_PATHS, scopeOfSeveral } from "./several.ts"

const severalChanges = issueChanges.extend({
  /** 1 or true. */
  merge: z.union([z.boolean(), z.number(), z.string()]).optional(),
  discard: z.boolean().optional(),
})

/** Changing several issues at once; merging and discarding only those that the address names by `id`. */
export function severalRoutes(app: App): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>()
  for (const path of SEVERAL_PATHS) routes.put(path, (c) => change(app, c))
  return routes
}

async function change(app: App, c: ApiContext) {
  const scope = await scopeOfSeveral(app, c, "event:write")
  const { merge, discard, ...changes } = severalChanges.parse(await jsonBody(c))
  if (discard) {
    const access = checked(scope.access, ["event:admin"])
    await deleteThem(app, c, access, { issues: await namedIssues(app, c, scope), discard })
    return c.body(null, 204)
  }
  if (merge) return mergeThem(app, c, scope.access, await namedIssues(app, c, scope))
  const issues = await meantIssues(app, c, scope)
  if (issues.length === 0) return c.body(null, 204)
  return changeThem(app, c, scope.access, { issues, changes })
}

async function mergeThem(app: App, c: ApiContext, access: Access, issues: readonly IssueRef[]) {
  const { target, sources } = await mergeIssues(app, { issues, actor: access.userId })
  return c.json({ merge: { parent: target.id, children: sources.map(({ id }) => id) } })
}

/** Answers what was changed, as it is now. */
async function changeThem(
  app: App,
  c: ApiContext,
  access: Access,
  { issues, changes }: { issues: readonly IssueRef[]; changes: IssueChanges },
) {
  const projectIds = new Set(issues.map(({ projectId }) => projectId))
  if (projectIds.size > 1 && isInRelease(changes)) {
    throw new AppError("invalid", "Cannot set resolved in next release for multiple projects.")
  }
  const { organizationId, userId: actor } = access
  const [projectId = ""] = projectIds
  for (const action of await actionsFor({ app, organizationId, projectId }, changes)) {
    await applyToMany(app, issues, { actor, action })
  }
  const first = issues.slice(0, 1)
  const [issue] = await describeIssues(app, access, first, { of: null, environments: [] })
  return c.json(issue ? echoOf(issue, changes) : {})
}

function isInRelease({ status, statusDetails }: IssueChanges): boolean {
  const { inNextRelease, inUpcomingRelease, inRelease } = statusDetails ?? {}
  return (
    status === "resolvedInNextRelease" ||
    Boolean(inNextRelease || inUpcomingRelease || inRelease !== undefined)
  )
}

type Described = Awaited<ReturnType<typeof describeIssues>>[number]

function echoOf(issue: Described, changes: IssueChanges) {
  const { status, statusDetails, substatus, assignedTo, priority } = issue
  const { isBookmarked, isSubscribed } = changes
  return {
    ...(changes.status && { status, statusDetails, substatus, inbox: null }),
    ...(changes.assignedTo !== undefined && { assignedTo }),
    ...(changes.priority && { priority }),
    ...(isBookmarked !== undefined && { isBookmarked }),
    ...(isSubscribed !== undefined && { isSubscribed }),
    ...(changes.inbox !== undefined && { inbox: null }),
  }
}
