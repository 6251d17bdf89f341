import type { App } from "#app.ts"
import { readSlice } from "../artifacts/chunk-source.ts"
import { type DebugFile, listDebugFileChunks } from "./store.ts"

const PIECE_BYTES = 4 * 1024 * 1024

/** The bytes of a debug file piece by piece: it may be larger than memory. */
export async function streamDebugFile(
  { sql, blobs }: Pick<App, "sql" | "blobs">,
  { bundleId, at, bytes }: DebugFile,
): Promise<ReadableStream<Uint8Array>> {
  const chunks = await listDebugFileChunks(sql, bundleId)
  const end = at + bytes
  let position = at
  return new ReadableStream({
    async pull(controller) {
      if (position >= end) return controller.close()
      const piece = { start: position, end: Math.min(end, position + PIECE_BYTES) }
      position = piece.end
      controller.enqueue(await readSlice(blobs, chunks, piece))
    },
  })
}
