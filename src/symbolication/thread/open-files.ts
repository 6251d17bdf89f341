import type { BlobStore } from "#platform/blobs/blobs.ts"
import { messageOf } from "#platform/errors.ts"
import { readSlice } from "../artifacts/chunk-source.ts"
import { unpackNow } from "../artifacts/unpack.ts"
import { type LinedText, linedText } from "../javascript/context-lines.ts"
import type { OpenFile } from "../javascript/map-frame.ts"
import { embeddedMapIn } from "../javascript/references.ts"
import { type Scopes, scopesOf } from "../javascript/scopes.ts"
import { InvalidMap, type OpenMap, openMap } from "../javascript/source-map.ts"
import type { OpenMapping } from "../jvm/mapping.ts"
import type { OpenSymbols } from "../native/symbols.ts"
import type { BlobSlice, FileSources } from "./protocol.ts"
import type { WeightedCache } from "./weighted-cache.ts"

/** A file that cannot be used, and why; remembered like one that can. */
type UnusableFile = { kind: "invalid_map"; reason: string } | { kind: "unreadable" }

type Script = { body: LinedText; scopes: Scopes | null; bytes: number }
type Opened = { file: OpenFile } | { unusable: UnusableFile }
/** What is kept open, of whatever kind. */
export type Kept =
  | { script: Script }
  | { map: OpenMap }
  | { source: LinedText }
  | { mapping: OpenMapping }
  | { symbols: OpenSymbols }
  | { reason: string }

/** A text of one-byte characters, and the offsets of its lines. */
const weightOf = (text: LinedText) => text.text.length + text.lineCount * 8
export const SMALL_BYTES = 200
const TOO_LARGE = "it takes more memory than sourcemaps.cache-bytes allows"

/** Opens what was uploaded, and keeps it open as long as there is room. */
export function createOpenFiles(blobs: BlobStore, cache: WeightedCache<Kept>, cacheBytes: number) {
  async function bytesOf(source: BlobSlice): Promise<Buffer> {
    const { chunks, at, packedBytes, body } = source
    if (body) return Buffer.from(body.buffer, body.byteOffset, body.byteLength)
    return unpackNow(await readSlice(blobs, chunks, { start: at, end: at + packedBytes }), source)
  }

  /** A file without bytes (Hermes) is there, and has nothing to show. */
  async function scriptOf(source: BlobSlice): Promise<Script> {
    const known = cache.get(source.key)
    if (known && "script" in known) return known.script
    const body = linedText((await bytesOf(source)).toString())
    const scopes = scopesOf(body.text)
    const script = { body, scopes, bytes: weightOf(body) + (scopes?.bytes ?? 0) }
    cache.set(source.key, { script }, script.bytes)
    return script
  }

  async function mapOf(key: string, read: () => Promise<Buffer | null>): Promise<OpenMap> {
    const known = cache.get(key)
    if (known && "map" in known) return known.map
    if (known && "reason" in known) throw new InvalidMap(known.reason)
    try {
      const body = await read()
      if (!body) throw new InvalidMap("the file holds none that can be read")
      const map = openMap(body)
      // It would be read anew for every batch.
      if (map.bytes > cacheBytes) throw new InvalidMap(TOO_LARGE)
      cache.set(key, { map }, map.bytes)
      return map
    } catch (error) {
      if (error instanceof InvalidMap) cache.set(key, { reason: error.message }, SMALL_BYTES)
      throw error
    }
  }

  return {
    async open({ minified, map, mapUrl }: FileSources): Promise<Opened> {
      try {
        const script = minified && (await scriptOf(minified))
        const opened =
          map === "embedded"
            ? minified &&
              (await mapOf(`${minified.key}#map`, async () =>
                embeddedMapIn(await bytesOf(minified)),
              ))
            : map && (await mapOf(map.key, () => bytesOf(map)))
        return {
          // Hermes has a file without a character stand for its bytecode.
          file: {
            body: script?.body.text ? script.body : null,
            scopes: script?.scopes ?? null,
            map: opened,
            mapUrl,
          },
        }
      } catch (error) {
        const isInvalid = error instanceof InvalidMap
        return {
          unusable: isInvalid
            ? { kind: "invalid_map", reason: messageOf(error) }
            : { kind: "unreadable" },
        }
      }
    },

    async openSource(source: BlobSlice): Promise<LinedText | null> {
      const known = cache.get(source.key)
      if (known && "source" in known) return known.source
      try {
        const text = linedText((await bytesOf(source)).toString())
        cache.set(source.key, { source: text }, weightOf(text))
        return text
      } catch {
        return null
      }
    },
  }
}

export type OpenFiles = ReturnType<typeof createOpenFiles>
