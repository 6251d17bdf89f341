import type { App } from "#app.ts"
import type { IssueRef } from "#issues/issue.ts"
import { listStreamProjects } from "#issues/stream/facts-store.ts"
import { listStreamRefs } from "#issues/stream/store.ts"
import type { WebContext } from "../../context.ts"

/** Those of the ids that are issues of the organization. */
export async function tickedRefs(
  app: Pick<App, "sql">,
  c: WebContext,
  ids: readonly string[],
): Promise<IssueRef[]> {
  const { membership } = c.var
  const projects = await listStreamProjects(app.sql, membership.organizationId)
  const scope = { ...membership, projectIds: projects.map(({ id }) => id) }
  return listStreamRefs(app.sql, scope, [...ids])
}
