import type { App } from "#app.ts"
import { getProject, getProjectById, type Project } from "#projects/store.ts"
import { type Access, type ApiContext, notFound } from "../caller.ts"

const ID = /^\d{1,18}$/

/** The project in the path, by slug or id; only of the organization in the path. */
export async function projectIn(app: App, c: ApiContext, access: Access): Promise<Project> {
  const name = c.req.param("project") ?? ""
  const project = ID.test(name)
    ? await getProjectById(app.sql, name)
    : await getProject(app.sql, access.organizationId, name)
  if (project.organizationId !== access.organizationId) throw notFound()
  return project
}
