import type { App } from "#app.ts"
import { viewerOf, type WebContext } from "../../../context.ts"
import { checkScope } from "../../../middleware/access.ts"
import { type IssueFrame, loadIssueFrame } from "./load.ts"

/** The issue in the path, for whoever may see it. Throws not_found and forbidden. */
export function frameOf(app: App, c: WebContext): Promise<IssueFrame> {
  checkScope(c.var.membership, "event:read")
  return loadIssueFrame(app, {
    organizationId: c.var.membership.organizationId,
    issue: c.req.param("issue") ?? "",
    userId: viewerOf(c).user.id,
  })
}
