import type { Db } from "#platform/db.ts"

export type SimilarFile = { url: string; release: string; dist: string; debugId: string | null }

/** Bundles that are searched for a file of the same name. */
const NEWEST_BUNDLES = 200

/** Uploaded files that are called the same, whatever is in front of the name. */
export function listSimilarFiles(db: Db, projectId: string, name: string, limit: number) {
  return db<SimilarFile[]>`
    with newest as (
      select distinct bundle_id from artifact_projects where project_id = ${projectId}
      order by bundle_id desc limit ${NEWEST_BUNDLES})
    select f.url, p.release, p.dist, f.debug_id
    from newest n
    join artifact_files f on f.bundle_id = n.bundle_id
    join artifact_projects p on p.bundle_id = n.bundle_id and p.project_id = ${projectId}
    where f.type in ('minified_source', 'source') and right(f.url, ${name.length + 1}) = ${`/${name}`}
    order by f.bundle_id desc, p.release limit ${limit}`
}

export async function hasReleaseFiles(
  db: Db,
  projectId: string,
  release: string,
): Promise<boolean> {
  const [row] = await db`
    select 1 from artifact_projects where project_id = ${projectId} and release = ${release} limit 1`
  return row !== undefined
}

/** When the map, or the file, that an event needs came. */
export async function findUploadedAt(db: Db, bundleId: string): Promise<Date | null> {
  const [row] = await db<{ createdAt: Date }[]>`
    select created_at from artifact_bundles where id = ${bundleId}`
  return row?.createdAt ?? null
}
