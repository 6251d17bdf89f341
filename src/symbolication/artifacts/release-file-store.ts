import type { Db, Tx } from "#platform/db.ts"
import type { PlacedChunk } from "./chunk-source.ts"

/** One file that was uploaded for a release by itself. */
export type ReleaseFile = {
  id: string
  name: string
  dist: string
  headers: Record<string, string>
  size: number
  sha1: string
  createdAt: Date
}

/** Whose files: those of a release, for one project or with null for any of the organization. */
export type ReleaseFiles = { organizationId: string; release: string; projectId: string | null }

const columns = (db: Db) => db`
  b.id, f.url as name, s.dist, f.headers, b.size::float8 as size, b.checksum as sha1, b.created_at`

/** A file that serves several projects is told once. */
const source = (db: Db, { organizationId, release, projectId }: ReleaseFiles) => db`
  from artifact_bundles b
  join artifact_files f on f.bundle_id = b.id
  join lateral (
    select dist from artifact_projects ap
    where ap.bundle_id = b.id and ap.release = ${release}
      ${projectId === null ? db`` : db`and ap.project_id = ${projectId}`}
    limit 1
  ) s on true
  where b.organization_id = ${organizationId} and b.kind = 'release_file'`

export function listReleaseFiles(
  db: Db,
  files: ReleaseFiles,
  page: { text: string; limit: number; offset: number },
) {
  return db<ReleaseFile[]>`
    select ${columns(db)} ${source(db, files)}
      ${page.text === "" ? db`` : db`and position(${page.text} in f.url) > 0`}
    order by f.url, b.id limit ${page.limit} offset ${page.offset}`
}

export async function findReleaseFile(
  db: Db,
  files: ReleaseFiles,
  id: string,
): Promise<ReleaseFile | null> {
  const [row] = await db<ReleaseFile[]>`select ${columns(db)} ${source(db, files)} and b.id = ${id}`
  return row ?? null
}

export async function isReleaseFileNamed(
  db: Db,
  files: ReleaseFiles,
  file: { name: string; dist: string },
): Promise<boolean> {
  const [row] = await db`
    select ${columns(db)} ${source(db, files)} and f.url = ${file.name} and s.dist = ${file.dist} limit 1`
  return row !== undefined
}

export async function updateReleaseFileReady(tx: Tx, id: string): Promise<void> {
  await tx`update artifact_bundles set status = 'ready', files = 1 where id = ${id}`
}

/** Where the bytes of a bundle are. */
export async function listBundleChunks(db: Db, id: string): Promise<PlacedChunk[]> {
  return await db<PlacedChunk[]>`
    select c.blob_key, b.starts_at::float8 as starts_at, c.size::float8 as size
    from artifact_bundle_chunks b
    join upload_chunks c on c.organization_id = b.organization_id and c.id = b.chunk_id
    where b.bundle_id = ${id} order by b.starts_at`
}
