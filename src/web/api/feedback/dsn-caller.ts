import { listOrganizationsById } from "#accounts/organizations/store.ts"
import type { App } from "#app.ts"
import { listStreamProjects } from "#issues/stream/facts-store.ts"
import { AppError } from "#platform/errors.ts"
import { type KeyAccess, listKeyAccess } from "#projects/key-access-store.ts"
import { parseDsn } from "#protocol/dsn.ts"
import { isOriginAllowed } from "#protocol/origin.ts"
import type { ApiContext } from "../caller.ts"

/**
 * The key of `Authorization: DSN …`; null: the request names no DSN. Throws unauthorized when it names none of this project, and
 * forbidden from a page that may not send to it.
 */
export async function dsnCaller(
  app: Pick<App, "sql">,
  c: ApiContext,
  place: { organization: string; project: string },
): Promise<KeyAccess | null> {
  const [scheme = "", text = ""] = (c.req.header("authorization") ?? "").trim().split(/\s+/, 2)
  if (scheme.toLowerCase() !== "dsn") return null
  const dsn = parseDsn(text)
  const keys =
    dsn && dsn.publicKey.length <= 64 ? await listKeyAccess(app.sql, [dsn.publicKey]) : []
  const key = keys.find(({ projectId }) => projectId === dsn?.projectId)
  if (!key || !(await isOf(app, key, place))) throw new AppError("unauthorized", "Invalid dsn")
  const origin = c.req.header("origin") ?? c.req.header("referer") ?? null
  if (isOriginAllowed(key.allowedDomains, origin)) return key
  throw new AppError("forbidden", "This page may not send feedback to the project.")
}

/** Whether the path names the key's project: by slugs or ids. */
async function isOf(
  { sql }: Pick<App, "sql">,
  { organizationId, projectId }: KeyAccess,
  place: { organization: string; project: string },
): Promise<boolean> {
  const [organizations, projects] = await Promise.all([
    listOrganizationsById(sql, [organizationId]),
    listStreamProjects(sql, organizationId),
  ])
  const project = projects.find(({ id }) => id === projectId)
  return (
    organizations.some(({ id, slug }) => [id, slug].includes(place.organization)) &&
    project !== undefined &&
    [project.id, project.slug].includes(place.project)
  )
}
