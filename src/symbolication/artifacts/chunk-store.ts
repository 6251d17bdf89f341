import type { Db } from "#platform/db.ts"

type ChunkKey = { organizationId: string; sha1: string }
export type Chunk = ChunkKey & { id: string; sha256: string; size: number; blobKey: string }

const columns = (db: Db) => db`organization_id, id, sha1, sha256, size::float8 as size, blob_key`

/** Makes room for a chunk that is about to be stored; the one that is there or on its way, when there is one. */
export async function recordArrivingChunk(
  db: Db,
  chunk: Omit<Chunk, "id">,
): Promise<Chunk & { state: string }> {
  const [row] = await db<(Chunk & { state: string })[]>`
    insert into upload_chunks ${db({ ...chunk, state: "arriving" })}
    on conflict (organization_id, sha1) where state <> 'leaving' do update set used_at = now()
    returning ${columns(db)}, state`
  if (!row) throw new Error("an upsert without a row")
  return row
}

export async function updateChunkReady(db: Db, chunk: Chunk): Promise<void> {
  await db`
    update upload_chunks set state = 'ready'
    where organization_id = ${chunk.organizationId} and id = ${chunk.id} and state = 'arriving'`
}

/** Those of an organization's chunks that are here. They stay for as long as it takes to use them. */
export async function updateChunksUsed(
  db: Db,
  organizationId: string,
  sha1s: readonly string[],
): Promise<Chunk[]> {
  return await db<Chunk[]>`
    update upload_chunks set used_at = now()
    where organization_id = ${organizationId} and state = 'ready' and sha1 = any(${[...sha1s]}::text[])
    returning ${columns(db)}`
}

/** Chunks whose bytes are gone, or are not what they were. */
export async function updateChunksLeaving(db: Db, blobKeys: readonly string[]): Promise<void> {
  await db`update upload_chunks set state = 'leaving' where blob_key = any(${[...blobKeys]}::text[])`
}

/** Marks up to `limit` chunks that no bundle holds and nobody asked for since `before`, and returns those that can go. */
export async function updateForgottenChunks(db: Db, before: Date, limit: number): Promise<Chunk[]> {
  await db`
    update upload_chunks set state = 'leaving' where (organization_id, id) in (
      select c.organization_id, c.id from upload_chunks c
      where c.used_at < ${before} and c.state <> 'leaving' and not exists (
        select from artifact_bundle_chunks b where b.organization_id = c.organization_id and b.chunk_id = c.id)
      limit ${limit} for update skip locked)`
  return await db<Chunk[]>`
    select ${columns(db)} from upload_chunks c
    where state = 'leaving' and not exists (
      select from artifact_bundle_chunks b where b.organization_id = c.organization_id and b.chunk_id = c.id)
    limit ${limit}`
}

export async function deleteLeavingChunks(db: Db, chunks: readonly Chunk[]): Promise<void> {
  if (chunks.length === 0) return
  await db`
    delete from upload_chunks
    where state = 'leaving' and (organization_id, id) in (select * from unnest(
      ${chunks.map((chunk) => chunk.organizationId)}::bigint[], ${chunks.map((chunk) => chunk.id)}::bigint[]))`
}
