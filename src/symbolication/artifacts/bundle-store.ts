import type { Db, Tx } from "#platform/db.ts"
import type { ArtifactFile } from "./artifact-file.ts"
import type { PlacedChunk } from "./chunk-source.ts"
import type { Chunk } from "./chunk-store.ts"

type BundleKind = "bundle" | "release_file" | "debug_file"
type BundleStatus = "assembling" | "ready" | "failed"
export type BundleState = {
  id: string
  status: BundleStatus
  detail: string
  /** Nobody works on it any more. */
  isStale: boolean
}

/** Whose stack traces a bundle is for. '' as release: only those with debug ids; '' as dist: all. */
export type BundleUse = { projectIds: readonly string[]; release: string; dist: string }

export async function findBundleByChecksum(
  db: Db,
  organizationId: string,
  checksum: string,
): Promise<BundleState | null> {
  const [row] = await db<BundleState[]>`
    select id, status, detail, created_at < now() - interval '1 hour' as is_stale from artifact_bundles
    where organization_id = ${organizationId} and checksum = ${checksum} and kind = 'bundle'`
  return row ?? null
}

type NewBundle = {
  organizationId: string
  kind: BundleKind
  checksum: string
  chunks: readonly Chunk[]
}

/** null: somebody else has begun the same. */
export async function insertBundle(
  tx: Tx,
  { organizationId, kind, checksum, chunks }: NewBundle,
): Promise<string | null> {
  const placed = placedChunks(chunks)
  const size = chunks.reduce((sum, chunk) => sum + chunk.size, 0)
  const [row] = await tx<{ id: string }[]>`
    insert into artifact_bundles ${tx({ organizationId, kind, checksum, size })}
    on conflict (organization_id, checksum) where kind = 'bundle' do nothing
    returning id`
  if (!row) return null
  await tx`
    insert into artifact_bundle_chunks ${tx(
      placed.map(({ id, startsAt }) => ({
        bundleId: row.id,
        startsAt,
        organizationId,
        chunkId: id,
      })),
    )}`
  return row.id
}

function placedChunks(chunks: readonly Chunk[]): (Chunk & { startsAt: number })[] {
  let startsAt = 0
  return chunks.map((chunk) => {
    const placed = { ...chunk, startsAt }
    startsAt += chunk.size
    return placed
  })
}

export async function recordBundleUse(db: Db, bundleId: string, use: BundleUse): Promise<void> {
  await db`
    insert into artifact_projects (project_id, release, dist, bundle_id)
    select project_id, ${use.release}, ${use.dist}, ${bundleId}
    from unnest(${[...use.projectIds]}::bigint[]) as wanted (project_id)
    on conflict do nothing`
  await db`update artifact_bundles set used_on = current_date where id = ${bundleId} and used_on < current_date`
}

/** Whether a bundle was told to be made of these chunks, in this order. */
export async function isMadeOf(
  db: Db,
  bundleId: string,
  sha1s: readonly string[],
): Promise<boolean> {
  const rows = await db<{ sha1: string }[]>`
    select c.sha1 from artifact_bundle_chunks b
    join upload_chunks c on c.organization_id = b.organization_id and c.id = b.chunk_id
    where b.bundle_id = ${bundleId} order by b.starts_at`
  return rows.map(({ sha1 }) => sha1).join() === sha1s.join()
}

export type AssemblingBundle = {
  id: string
  organizationId: string
  kind: BundleKind
  checksum: string
  chunks: (PlacedChunk & { sha256: string })[]
}

/** A bundle that still has to be read; null: it is done, or gone. */
export async function findAssemblingBundle(db: Db, id: string): Promise<AssemblingBundle | null> {
  const [bundle] = await db<Omit<AssemblingBundle, "chunks">[]>`
    select id, organization_id, kind, checksum from artifact_bundles where id = ${id} and status = 'assembling'`
  if (!bundle) return null
  const chunks = await db<AssemblingBundle["chunks"]>`
    select c.blob_key, c.sha256, b.starts_at::float8 as starts_at, c.size::float8 as size
    from artifact_bundle_chunks b
    join upload_chunks c on c.organization_id = b.organization_id and c.id = b.chunk_id
    where b.bundle_id = ${id} order by b.starts_at`
  return { ...bundle, chunks }
}

/** false: it is not assembling any more. */
export async function updateBundleReady(
  tx: Tx,
  id: string,
  found: { files: number; debugId: string | null; contentHash: string | null },
): Promise<boolean> {
  const result = await tx`
    update artifact_bundles set status = 'ready', ${tx(found)} where id = ${id} and status = 'assembling'`
  return result.count > 0
}

export async function updateBundleFailed(db: Db, id: string, detail: string): Promise<void> {
  await db`update artifact_bundles set status = 'failed', detail = ${detail} where id = ${id} and status = 'assembling'`
}

export async function insertArtifactFiles(
  tx: Tx,
  bundleId: string,
  files: readonly ArtifactFile[],
  firstPosition = 0,
): Promise<void> {
  await tx`
    insert into artifact_files ${tx(
      files.map((file, index) => ({
        bundleId,
        position: firstPosition + index,
        path: file.path,
        type: file.type,
        url: file.url,
        debugId: file.debugId,
        mapUrls: file.mapUrls,
        isMapEmbedded: file.isMapEmbedded,
        headers: tx.json(file.headers),
        at: file.at,
        packedBytes: file.packedBytes,
        bytes: file.bytes,
        isDeflated: file.isDeflated,
      })),
    )}`
}

/** An older bundle of the same content gives its projects to this one, and goes. */
export async function replaceSameContent(
  tx: Tx,
  bundle: { id: string; organizationId: string; contentHash: string },
): Promise<void> {
  const older = await tx<{ id: string }[]>`
    select id from artifact_bundles
    where organization_id = ${bundle.organizationId} and content_hash = ${bundle.contentHash}
      and status = 'ready' and kind = 'bundle' and id <> ${bundle.id}
    order by id for update`
  if (older.length === 0) return
  const ids = older.map(({ id }) => id)
  await tx`
    insert into artifact_projects (project_id, release, dist, bundle_id)
    select project_id, release, dist, ${bundle.id} from artifact_projects where bundle_id = any(${ids}::bigint[])
    on conflict do nothing`
  await tx`delete from artifact_bundles where id = any(${ids}::bigint[])`
}

export async function deleteBundle(db: Db, id: string): Promise<void> {
  await db`delete from artifact_bundles where id = ${id}`
}
