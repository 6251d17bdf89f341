import type { App } from "#app.ts"
import { isReleaseName } from "#normalize/values/release.ts"
import { AppError } from "#platform/errors.ts"
import {
  findRelease,
  insertRelease,
  type Release,
  type ReleaseChanges,
  recordReleaseProjects,
  updateRelease,
} from "./catalog-store.ts"

export type ReleaseKey = { organizationId: string; version: string }

/**
 * Makes a release, or links one that is there to more projects; `isNew` says whether either was needed. When it came out is taken
 * from the first who tells. Throws invalid.
 */
export async function createRelease(
  { sql, tasks }: Pick<App, "sql" | "tasks">,
  key: ReleaseKey,
  projectIds: readonly string[],
  told: ReleaseChanges,
): Promise<{ release: Release; isNew: boolean }> {
  if (!isReleaseName(key.version)) {
    throw new AppError("invalid", "Release name is not valid", { field: "version" })
  }
  const isNew = await sql.begin(async (tx) => {
    const isInserted = await insertRelease(tx, { ...key, ...told })
    const linked = await recordReleaseProjects(tx, key, projectIds)
    await tasks.insert(tx, "settle-resolutions", linked)
    const { releasedAt: _releasedAt, ...changes } = told
    if (!isInserted) await updateRelease(tx, key, changes)
    return isInserted || linked.length > 0
  })
  return { release: await getRelease(sql, key), isNew }
}

export async function changeRelease(
  { sql }: Pick<App, "sql">,
  key: ReleaseKey,
  changes: ReleaseChanges,
): Promise<Release> {
  await updateRelease(sql, key, changes)
  return getRelease(sql, key)
}

/** Throws not_found. */
export async function getRelease(
  sql: App["sql"],
  { organizationId, version }: ReleaseKey,
): Promise<Release> {
  const release = await findRelease(sql, organizationId, version)
  if (!release) throw new AppError("not_found", "There is no such release.")
  return release
}
