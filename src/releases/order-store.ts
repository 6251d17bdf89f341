import type { Db } from "#platform/db.ts"
import { followsSemver, type KnownRelease, NEWEST_LOOKED_AT } from "./order.ts"

/** By id. */
export async function listKnownReleases(
  db: Db,
  ids: Iterable<string>,
): Promise<Map<string, KnownRelease>> {
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return new Map()
  const rows = await db<KnownRelease[]>`
    select id, version, version_order, came_at from releases where id = any(${wanted}::bigint[])`
  return new Map(rows.map((row) => [row.id, row]))
}

/** Those of the projects whose newest releases say that they count in versions. */
export async function listSemverProjects(
  db: Db,
  projectIds: Iterable<string>,
): Promise<Set<string>> {
  const rows = await db<{ projectId: string; areSemver: boolean[] }[]>`
    select p.id as project_id, array(
        select r.version_order is not null from releases r
        where r.organization_id = p.organization_id
          and exists (select from release_projects rp where rp.release_id = r.id and rp.project_id = p.id)
        order by r.came_at desc, r.id desc limit ${NEWEST_LOOKED_AT}) as are_semver
    from projects p where p.id = any(${[...new Set(projectIds)]}::bigint[])`
  return new Set(rows.flatMap((row) => (followsSemver(row.areSemver) ? [row.projectId] : [])))
}

export type NamedRelease = { releaseId: string; version: string }

/** A release that a project has seen: of this version, or without one the latest. */
export async function findProjectRelease(
  db: Db,
  projectId: string,
  version: string | null,
): Promise<NamedRelease | null> {
  const [row] = await db<NamedRelease[]>`
    select r.id as release_id, r.version from releases r
    where r.organization_id = (select organization_id from projects where id = ${projectId})
      and exists (select from release_projects rp where rp.release_id = r.id and rp.project_id = ${projectId})
      ${version === null ? db`` : db`and r.version = ${version}`}
    order by r.came_at desc, r.id desc limit 1`
  return row ?? null
}

/** A release of the project's organization, whether the project has seen it or not. */
export async function findReleaseNamed(
  db: Db,
  projectId: string,
  version: string,
): Promise<NamedRelease | null> {
  const [row] = await db<NamedRelease[]>`
    select id as release_id, version from releases
    where organization_id = (select organization_id from projects where id = ${projectId}) and version = ${version}`
  return row ?? null
}

/** Those that a project has seen, newest first. */
export function listNewestReleases(db: Db, projectId: string, limit: number) {
  return db<NamedRelease[]>`
    select r.id as release_id, r.version from releases r
    where r.organization_id = (select organization_id from projects where id = ${projectId})
      and exists (select from release_projects rp where rp.release_id = r.id and rp.project_id = ${projectId})
    order by r.came_at desc, r.id desc limit ${limit}`
}

/** The next one that a project saw, by date, after this one. */
export async function findReleaseAfter(
  db: Db,
  projectId: string,
  release: Pick<KnownRelease, "id" | "cameAt">,
): Promise<NamedRelease | null> {
  const [row] = await db<NamedRelease[]>`
    select r.id as release_id, r.version from releases r
    where r.organization_id = (select organization_id from projects where id = ${projectId})
      and exists (select from release_projects rp where rp.release_id = r.id and rp.project_id = ${projectId})
      and r.came_at > ${release.cameAt} and r.id <> ${release.id}
    order by r.came_at, r.id limit 1`
  return row ?? null
}
