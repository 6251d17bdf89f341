import type { Db, Tx } from "#platform/db.ts"
import type { BundleState } from "../artifacts/bundle-store.ts"
import type { PlacedChunk } from "../artifacts/chunk-source.ts"
import type { DebugObject, Kind } from "./read-objects.ts"

/** What a project's page and API show of an object in a debug file. */
export type DebugFile = DebugObject & {
  id: string
  bundleId: string
  name: string
  checksum: string
  createdAt: Date
  /** YYYY-MM-DD */
  usedOn: string
}

type UploadKey = { projectId: string; checksum: string; name: string }

export async function findDebugUpload(db: Db, key: UploadKey): Promise<BundleState | null> {
  const [row] = await db<BundleState[]>`
    select b.id, b.status, b.detail, b.created_at < now() - interval '1 hour' as is_stale
    from debug_files f join artifact_bundles b on b.id = f.bundle_id
    where f.project_id = ${key.projectId} and f.checksum = ${key.checksum} and md5(f.name) = md5(${key.name})`
  return row ?? null
}

/** false: somebody else has begun the same. */
export async function insertDebugFile(
  tx: Tx,
  file: UploadKey & { bundleId: string },
): Promise<boolean> {
  const result = await tx`insert into debug_files ${tx(file)} on conflict do nothing`
  return result.count > 0
}

/** Whose file it is, and what the client calls it. */
export async function findUploadedFile(
  db: Db,
  bundleId: string,
): Promise<{ projectId: string; name: string } | null> {
  const [row] = await db<{ projectId: string; name: string }[]>`
    select project_id, name from debug_files where bundle_id = ${bundleId}`
  return row ?? null
}

export async function insertDebugObjects(
  tx: Tx,
  owner: { projectId: string; bundleId: string },
  objects: readonly DebugObject[],
): Promise<void> {
  await tx`insert into debug_objects ${tx(objects.map((object) => ({ ...owner, ...object })))}`
}

const columns = (db: Db) => db`
  o.id, o.bundle_id, o.kind, o.debug_id, o.code_id, o.cpu, o.type, o.features, o.at::float8 as at,
  o.bytes::float8 as bytes, f.name, f.checksum, b.created_at, b.used_on::text as used_on`
const tables = (db: Db) => db`
  debug_objects o
  join debug_files f on f.project_id = o.project_id and f.bundle_id = o.bundle_id
  join artifact_bundles b on b.id = o.bundle_id`

export type DebugFileQuery = {
  /** A part of a name, or the beginning of an id; '' = all. */
  text: string
  debugId?: string
  codeId?: string
  kinds?: readonly string[]
  limit: number
  offset: number
}

/** Newest first. */
export function listDebugFiles(db: Db, projectId: string, query: DebugFileQuery) {
  const { text, debugId, codeId, kinds = [] } = query
  return db<DebugFile[]>`
    select ${columns(db)} from ${tables(db)}
    where o.project_id = ${projectId}
      ${
        text === ""
          ? db``
          : db`and (position(lower(${text}) in lower(f.name)) > 0
            or starts_with(o.debug_id, lower(${text})) or starts_with(o.code_id, lower(${text})))`
      }
      ${debugId === undefined ? db`` : db`and o.debug_id = ${debugId}`}
      ${codeId === undefined ? db`` : db`and o.code_id = ${codeId}`}
      ${kinds.length === 0 ? db`` : db`and o.kind = any(${[...kinds]}::text[])`}
    order by o.id desc limit ${query.limit} offset ${query.offset}`
}

export async function findDebugFile(
  db: Db,
  projectId: string,
  id: string,
): Promise<DebugFile | null> {
  const [row] = await db<DebugFile[]>`
    select ${columns(db)} from ${tables(db)} where o.project_id = ${projectId} and o.id = ${id}`
  return row ?? null
}

export function listObjectsOf(db: Db, projectId: string, bundleId: string) {
  return db<DebugFile[]>`
    select ${columns(db)} from ${tables(db)}
    where o.project_id = ${projectId} and o.bundle_id = ${bundleId} order by o.id`
}

/** The bytes go with the last thing in the file, once nobody needs them. */
export async function deleteDebugObject(tx: Tx, file: DebugFile): Promise<void> {
  await tx`delete from debug_objects where id = ${file.id}`
  await tx`
    delete from artifact_bundles where id = ${file.bundleId} and not exists (
      select from debug_objects o where o.bundle_id = ${file.bundleId})`
}

export function listDebugFileChunks(db: Db, bundleId: string) {
  return db<PlacedChunk[]>`
    select c.blob_key, b.starts_at::float8 as starts_at, c.size::float8 as size
    from artifact_bundle_chunks b
    join upload_chunks c on c.organization_id = b.organization_id and c.id = b.chunk_id
    where b.bundle_id = ${bundleId} order by b.starts_at`
}

/** Which of these projects have any debug file. */
export async function listProjectsWithDebugFiles(
  db: Db,
  projectIds: readonly string[],
): Promise<string[]> {
  const rows = await db<{ id: string }[]>`
    select id from unnest(${[...projectIds]}::bigint[]) as wanted (id)
    where exists (select from debug_files f where f.project_id = wanted.id)`
  return rows.map(({ id }) => id)
}

/** What a frame or an exception asks for. */
export type WantedObject = { projectId: string; debugId: string }
export type FoundObject = {
  /** Index of what was wanted. */
  n: number
  id: string
  bundleId: string
  kind: Kind
  features: string[]
  at: number
  bytes: number
  chunks: PlacedChunk[]
}

/** All that the projects themselves uploaded for what a batch wants, newest first, in one statement. */
export function listWantedObjects(db: Db, wanted: readonly WantedObject[]) {
  return db<FoundObject[]>`
    select w.n, o.id, o.bundle_id, o.kind, o.features, o.at::float8 as at, o.bytes::float8 as bytes, (
      select coalesce(jsonb_agg(jsonb_build_object('blobKey', c.blob_key, 'startsAt', bc.starts_at, 'size', c.size) order by bc.starts_at), '[]')
      from artifact_bundle_chunks bc
      join upload_chunks c on c.organization_id = bc.organization_id and c.id = bc.chunk_id
      where bc.bundle_id = o.bundle_id and bc.starts_at < o.at + o.bytes and bc.starts_at + c.size > o.at) as chunks
    from unnest(
      ${wanted.map((_, n) => n)}::int[], ${wanted.map(({ projectId }) => projectId)}::bigint[],
      ${wanted.map(({ debugId }) => debugId)}::text[]) as w (n, project_id, debug_id)
    join debug_objects o on o.project_id = w.project_id and o.debug_id = w.debug_id
    order by w.n, o.id desc`
}

export type WantedJvmSource = { bundleIds: readonly string[]; url: string }
export type FoundJvmSource = {
  n: number
  bundleId: string
  position: number
  at: number
  packedBytes: number
  bytes: number
  isDeflated: boolean
  chunks: PlacedChunk[]
}

/** Sources of JVM programs by their addresses in source bundles; of two of one address the first counts. */
export function listWantedJvmSources(db: Db, wanted: readonly WantedJvmSource[]) {
  const each = wanted.flatMap(({ bundleIds, url }, n) =>
    bundleIds.map((bundleId) => ({ n, bundleId, url })),
  )
  return db<FoundJvmSource[]>`
    select w.n, f.bundle_id, f.position, f.at::float8 as at, f.packed_bytes::float8 as packed_bytes,
      f.bytes::float8 as bytes, f.is_deflated, (
        select coalesce(jsonb_agg(jsonb_build_object('blobKey', c.blob_key, 'startsAt', bc.starts_at, 'size', c.size) order by bc.starts_at), '[]')
        from artifact_bundle_chunks bc
        join upload_chunks c on c.organization_id = bc.organization_id and c.id = bc.chunk_id
        where bc.bundle_id = f.bundle_id and bc.starts_at < f.at + f.packed_bytes and bc.starts_at + c.size > f.at) as chunks
    from unnest(
      ${each.map(({ n }) => n)}::int[], ${each.map(({ bundleId }) => bundleId)}::bigint[],
      ${each.map(({ url }) => url)}::text[]) as w (n, bundle_id, url)
    join artifact_files f on f.bundle_id = w.bundle_id and md5(f.url) = md5(w.url) and f.url = w.url
    order by w.n, f.position`
}

/** Uploads that were no debug files, or none that is supported. */
export async function countFailedUploads(db: Db, projectId: string): Promise<number> {
  const [row] = await db<{ count: number }[]>`
    select count(*)::int as count from debug_files f
    join artifact_bundles b on b.id = f.bundle_id and b.status = 'failed'
    where f.project_id = ${projectId}`
  return row?.count ?? 0
}
