import type { App } from "#app.ts"
import { environment } from "#normalize/values/release.ts"
import { cleanText } from "#normalize/values/text.ts"
import { AppError } from "#platform/errors.ts"
import { recordEnvironments } from "#projects/environments-store.ts"
import { type Release, recordReleaseProjects } from "./catalog-store.ts"
import { type Deploy, insertDeploy } from "./deploy-store.ts"

export type NewDeploy = Omit<Deploy, "id"> & {
  /** Where it runs; empty: in all projects of the release. */
  projectIds: readonly string[]
}

export const MAX_DEPLOY_WORDS = 200

/** Tells that a release runs somewhere; the environment is there from then on. Throws invalid. */
export async function addDeploy(
  { sql, tasks }: Pick<App, "sql" | "tasks">,
  release: Pick<Release, "id" | "projects" | "version"> & { organizationId: string },
  { projectIds, ...told }: NewDeploy,
): Promise<Deploy> {
  const deploy = {
    ...told,
    environment: environmentName(told.environment),
    name: words("name", told.name),
    url: words("url", told.url),
  }
  return sql.begin(async (tx) => {
    const linked = await recordReleaseProjects(tx, release, projectIds)
    await tasks.insert(tx, "settle-resolutions", linked)
    const runsIn = projectIds.length > 0 ? projectIds : release.projects.map(({ id }) => id)
    await recordEnvironments(
      tx,
      runsIn.map((projectId) => ({ projectId, name: deploy.environment })),
    )
    return insertDeploy(tx, release.id, deploy)
  }) as Promise<Deploy>
}

function environmentName(told: string): string {
  const name = environment(told, [])
  if (name !== undefined) return name
  throw new AppError("invalid", "Invalid value for environment", { field: "environment" })
}

function words(field: "name" | "url", told: string | null): string | null {
  const text = cleanText(told ?? "").trim()
  if (text.length <= MAX_DEPLOY_WORDS) return text || null
  const message = `Ensure this field has no more than ${MAX_DEPLOY_WORDS} characters.`
  throw new AppError("invalid", message, { field })
}
