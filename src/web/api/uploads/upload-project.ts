import type { Scope } from "#accounts/organizations/roles.ts"
import type { App } from "#app.ts"
import { type ApiContext, accessIn, notFound } from "../caller.ts"
import { pathProject } from "../releases/requests.ts"

/** Tokens of build machines add files, and take none away. */
export const UPLOAD_REMOVERS = ["project:releases", "project:write"] as const

/** The project in the path, whose uploads are asked for. Throws not_found. */
export async function uploadProject(app: App, c: ApiContext, scopes: readonly Scope[]) {
  const access = accessIn(c, c.req.param("org") ?? "", ...scopes)
  const projectId = await pathProject(app, c, access)
  if (!projectId) throw notFound()
  const { organizationId } = access
  const project = { id: projectId, organizationId, slug: c.req.param("project") ?? projectId }
  return { access, project }
}
