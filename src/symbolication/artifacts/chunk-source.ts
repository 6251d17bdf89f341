import type { BlobStore } from "#platform/blobs/blobs.ts"
import { type ByteSource, SourceFailure } from "./zip-index.ts"

/** A chunk in its place in a bundle. */
export type PlacedChunk = { blobKey: string; startsAt: number; size: number }

/** The blob store lost it. */
export class GoneChunk extends SourceFailure {}

/** A bundle's bytes, wherever its chunks lie. The chunk that was read last is kept: an index is read in small steps. */
export function chunkSource(blobs: BlobStore, chunks: readonly PlacedChunk[]): ByteSource {
  let last: { blobKey: string; bytes: Uint8Array } | null = null
  const whole = async ({ blobKey }: PlacedChunk): Promise<Uint8Array> => {
    if (last?.blobKey === blobKey) return last.bytes
    const bytes = await blobs.get(blobKey)
    if (!bytes) throw new GoneChunk(blobKey)
    last = { blobKey, bytes }
    return bytes
  }
  return {
    size: chunks.reduce((sum, { size }) => sum + size, 0),
    async read(start, end) {
      const parts: Uint8Array[] = []
      for (const chunk of overlapping(chunks, start, end)) {
        const bytes = await whole(chunk)
        parts.push(
          bytes.subarray(
            Math.max(0, start - chunk.startsAt),
            Math.min(chunk.size, end - chunk.startsAt),
          ),
        )
      }
      return joined(parts)
    },
  }
}

/** The bytes from `start` to before `end` without the rest of their chunks. */
export async function readSlice(
  blobs: BlobStore,
  chunks: readonly PlacedChunk[],
  { start, end }: { start: number; end: number },
): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for (const chunk of overlapping(chunks, start, end)) {
    const from = Math.max(0, start - chunk.startsAt)
    const part = await blobs.slice(chunk.blobKey, from, Math.min(chunk.size, end - chunk.startsAt))
    if (!part) throw new GoneChunk(chunk.blobKey)
    parts.push(part)
  }
  return joined(parts)
}

function overlapping(chunks: readonly PlacedChunk[], start: number, end: number) {
  return chunks.filter(({ startsAt, size }) => startsAt < end && startsAt + size > start)
}

function joined(parts: Uint8Array[]): Buffer {
  const [only] = parts
  if (only && parts.length === 1) return Buffer.from(only.buffer, only.byteOffset, only.length)
  return Buffer.concat(parts)
}
