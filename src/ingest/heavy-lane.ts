import { promisify } from "node:util"
import zlib from "node:zlib"

export type HeavyFault = "broken" | "too_large" | "busy"

/** Unpacks what is too big to be unpacked between two requests: in another thread, and one after the other. */
export type HeavyLane = {
  decode(
    body: Uint8Array,
    layers: readonly string[],
    maxBytes: number,
  ): Promise<{ bytes: Uint8Array } | { fault: HeavyFault }>
}

type Decoder = (body: Uint8Array, options: Bounds) => Promise<Buffer>
type Bounds = { maxOutputLength: number; chunkSize: number }

const gunzip: Decoder = promisify(zlib.gunzip)
const decoders: Record<string, Decoder> = {
  gzip: gunzip,
  "x-gzip": gunzip,
  deflate: promisify(zlib.inflate),
  br: promisify(zlib.brotliDecompress),
  zstd: promisify(zlib.zstdDecompress),
}

const CHUNK_BYTES = 1024 * 1024
/** Each holds its compressed body; honest clients send large files one by one. */
const MAX_WAITING = 16

/**
 * 19 KB of brotli are 100 MB. Unpacked as they come, such bodies held every other request up for 100 ms each and drove the
 * process to 1 GB, because the collector does not see what its buffers weigh; in line and with a nudge to the
 * collector it stays below 250 MB and nobody waits.
 */
export function createHeavyLane(): HeavyLane {
  let waiting = 0
  let last: Promise<unknown> = Promise.resolve()
  return {
    decode(body, layers, maxBytes) {
      if (waiting >= MAX_WAITING) return Promise.resolve({ fault: "busy" })
      waiting++
      const turn = last.then(() => unpack(body, layers, maxBytes))
      last = turn.then(() => {
        waiting--
        Bun.gc(true)
      })
      return turn
    },
  }
}

async function unpack(
  body: Uint8Array,
  layers: readonly string[],
  maxOutputLength: number,
): Promise<{ bytes: Uint8Array } | { fault: HeavyFault }> {
  try {
    let bytes = body
    for (const layer of layers.toReversed()) {
      const decoder = decoders[layer]
      if (!decoder) return { fault: "broken" }
      bytes = await decoder(bytes, { maxOutputLength, chunkSize: CHUNK_BYTES })
    }
    return { bytes }
  } catch (error) {
    const isTooLarge = error instanceof RangeError
    return { fault: isTooLarge ? "too_large" : "broken" }
  }
}
