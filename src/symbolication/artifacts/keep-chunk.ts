import type { App } from "#app.ts"
import { type Chunk, recordArrivingChunk, updateChunkReady } from "./chunk-store.ts"

/** Below it each organization's chunks lie in a folder of their own, which goes with the organization. */
export const BLOB_FOLDER = "artifacts"

export type ArrivingChunk = { organizationId: string; sha1: string; bytes: Uint8Array }

export const sha1Of = (bytes: Uint8Array) =>
  new Bun.CryptoHasher("sha1").update(bytes).digest("hex")
export const sha256Of = (bytes: Uint8Array) =>
  new Bun.CryptoHasher("sha256").update(bytes).digest("hex")

/**
 * Stores a chunk whose SHA-1 was checked. The row comes before the blob, so that a crash in between leaves something that cleanup
 * finds. Of two that come at once both write the same bytes to the same place.
 */
export async function keepChunk(
  { sql, blobs }: Pick<App, "sql" | "blobs">,
  { organizationId, sha1, bytes }: ArrivingChunk,
): Promise<Chunk> {
  const sha256 = sha256Of(bytes)
  const blobKey = `${BLOB_FOLDER}/${organizationId}/${crypto.randomUUID()}`
  const fresh = { organizationId, sha1, sha256, size: bytes.length, blobKey }
  const { state, ...chunk } = await recordArrivingChunk(sql, fresh)
  if (state === "ready" || chunk.sha256 !== sha256) return chunk
  await blobs.put(chunk.blobKey, bytes)
  await updateChunkReady(sql, chunk)
  return chunk
}
