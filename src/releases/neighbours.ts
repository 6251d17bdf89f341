import type { Db } from "#platform/db.ts"
import type { Release } from "./catalog-store.ts"
import { findNeighbours, type Neighbours } from "./history-store.ts"
import { listSemverProjects } from "./order-store.ts"
import { versionOrder } from "./version.ts"

/** The releases right before and after one, in the order in which its projects count. */
export async function readNeighbours(
  db: Db,
  organizationId: string,
  { id, version, projects }: Pick<Release, "id" | "version" | "projects">,
): Promise<Neighbours> {
  const projectIds = projects.map((project) => project.id)
  const semver = await listSemverProjects(db, projectIds)
  const isByVersion =
    versionOrder(version) !== null && semver.size > 0 && semver.size === projectIds.length
  return findNeighbours(db, { organizationId, id, projectIds }, isByVersion)
}
