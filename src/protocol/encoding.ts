import zlib from "node:zlib"
import { isWholeZstdFrame } from "./zstd-frame.ts"

export type EncodingFault = "unsupported_encoding" | "broken" | "too_large"

type Decoder = (bytes: Uint8Array, maxBytes: number) => Uint8Array

const decoders: Record<string, Decoder> = {
  gzip: gunzip,
  "x-gzip": gunzip,
  deflate: inflate,
  br: (bytes, maxOutputLength) => zlib.brotliDecompressSync(bytes, { maxOutputLength }),
  zstd: unzstd,
}

/** More layers than two are nobody's client. */
const MAX_LAYERS = 2

/**
 * The layers of a Content-Encoding header, outermost last, in lower case and without `identity`. When the header is
 * missing the first bytes tell: some proxies drop it. Keep the answer beside a stored body: it decodes it again.
 */
export function bodyEncoding(
  header: string | null,
  body: Uint8Array,
): string[] | "unsupported_encoding" | "broken" {
  const layers = (header ?? "")
    .toLowerCase()
    .split(",")
    .map((layer) => layer.trim())
    .filter((layer) => layer !== "" && layer !== "identity")
  if (layers.length === 0) return sniffed(body)
  if (layers.length > MAX_LAYERS) return "broken"
  return layers.every((layer) => Object.hasOwn(decoders, layer)) ? layers : "unsupported_encoding"
}

/** The plain bytes, of which no more than `maxBytes` (or 4 MiB, when that is more) are ever made: the limit holds while inflating. */
export function decodeBody(
  body: Uint8Array,
  layers: readonly string[],
  maxBytes: number,
): { bytes: Uint8Array } | { fault: EncodingFault } {
  let bytes = body
  for (const layer of layers.toReversed()) {
    const decoder = decoders[layer]
    if (!decoder) return { fault: "unsupported_encoding" }
    try {
      bytes = decoder(bytes, maxBytes)
    } catch (error) {
      return { fault: codeOf(error) === "ERR_BUFFER_TOO_LARGE" ? "too_large" : "broken" }
    }
  }
  return bytes.length > maxBytes ? { fault: "too_large" } : { bytes }
}

function sniffed(body: Uint8Array): string[] {
  if (isGzip(body)) return ["gzip"]
  return isZstd(body) ? ["zstd"] : []
}

function isGzip(body: Uint8Array): boolean {
  return body[0] === 0x1f && body[1] === 0x8b
}

function isZstd(body: Uint8Array): boolean {
  return body[0] === 0x28 && body[1] === 0xb5 && body[2] === 0x2f && body[3] === 0xfd
}

function gunzip(bytes: Uint8Array, maxOutputLength: number): Uint8Array {
  const small = gunzipSmall(bytes, maxOutputLength)
  if (small) return small
  try {
    return zlib.gunzipSync(bytes, { maxOutputLength })
  } catch (error) {
    if (messageIs(error, "incorrect header check") && isGzip(bytes)) {
      return gunzipFirstMember(bytes, maxOutputLength)
    }
    throw error
  }
}

const GZIP_TRAILER_BYTES = 8
/** Deflate makes 1,032 bytes of one at most: what is not larger than this never unpacks to more than 4 MiB, whatever it says. */
const SMALL_BYTES = 4064

/**
 * The way of nearly all events, in half of zlib's time. The library has no limit of its own and stops behind the first
 * member without a word, so it is asked for small bodies alone, and its answer counts when the last bytes of the body are
 * that answer's checksum and length. Null: leave it to zlib.
 */
function gunzipSmall(bytes: Uint8Array, maxBytes: number): Uint8Array | null {
  if (bytes.length > SMALL_BYTES || bytes.length < GZIP_TRAILER_BYTES) return null
  const trailer = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - GZIP_TRAILER_BYTES)
  if (trailer.getUint32(4, true) > maxBytes) return null
  try {
    const plain = Bun.gunzipSync(new Uint8Array(bytes), { library: "libdeflate" })
    const isWhole =
      plain.length === trailer.getUint32(4, true) &&
      zlib.crc32(plain) === trailer.getUint32(0, true)
    return isWhole ? plain : null
  } catch {
    return null
  }
}

const GZIP_HEADER_BYTES = 10

/** Some clients send garbage behind the stream; zlib takes that for a second, broken member. */
function gunzipFirstMember(bytes: Uint8Array, maxOutputLength: number): Uint8Array {
  // No optional header fields: the clients concerned do not write any.
  if (bytes[3] !== 0) throw new Error("gzip header with fields")
  const { buffer, engine } = zlib.inflateRawSync(bytes.subarray(GZIP_HEADER_BYTES), {
    maxOutputLength,
    info: true,
  }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } }
  const trailer = Buffer.from(bytes.subarray(GZIP_HEADER_BYTES + engine.bytesWritten))
  if (trailer.readUInt32LE(0) !== zlib.crc32(buffer)) throw new Error("gzip checksum")
  return buffer
}

/** HTTP's deflate is zlib-wrapped; a few clients send it raw. */
function inflate(bytes: Uint8Array, maxOutputLength: number): Uint8Array {
  try {
    return zlib.inflateSync(bytes, { maxOutputLength })
  } catch (error) {
    if (messageIs(error, "incorrect header check")) {
      return zlib.inflateRawSync(bytes, { maxOutputLength })
    }
    throw error
  }
}

/** The library gives back what it has when the stream was cut short, so the frame is measured first. */
function unzstd(bytes: Uint8Array, maxOutputLength: number): Uint8Array {
  if (!isZstd(bytes) || !isWholeZstdFrame(bytes)) throw new Error("zstd frame cut short")
  return zlib.zstdDecompressSync(bytes, { maxOutputLength })
}

function messageIs(error: unknown, message: string): boolean {
  return error instanceof Error && error.message === message
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined
}
