import { isJsonObject, parseJson } from "#protocol/json.ts"
import {
  ARTIFACT_TYPES,
  type ArtifactFile,
  type ArtifactLabel,
  type ArtifactType,
  describeFile,
} from "./artifact-file.ts"
import { sha256Of } from "./keep-chunk.ts"
import { unpack } from "./unpack.ts"
import {
  type ByteSource,
  InvalidBundle,
  type PackedFile,
  readZipIndex,
  type ZipLimits,
} from "./zip-index.ts"

const MANIFEST = "manifest.json"
const MAX_MANIFEST_BYTES = 32 * 1024 * 1024
/** Longer ones than any frame can name. */
const MAX_URL_CHARS = 1024
const MAX_HEADERS = 20
const MAX_HEADER_CHARS = 2048

export type Bundle = {
  /** What the client calls its content. */
  debugId: string | null
  /** What it is in truth, however it is packed. */
  contentHash: string
  files: ArtifactFile[]
}

/**
 * Reads an artifact bundle: a zip archive behind eight bytes, or a plain one, whose manifest says what its files are. Every file
 * is unpacked once, so that what is stored is what it says it is. Throws InvalidBundle.
 */
export async function readBundle(
  source: ByteSource,
  limits: ZipLimits,
  signal: AbortSignal,
): Promise<Bundle> {
  const packed = await readZipIndex(source, limits)
  const manifest = await readManifest(source, packed)
  const files: ArtifactFile[] = []
  const contents: string[] = []
  for (const file of packed) {
    signal.throwIfAborted()
    const label = labelOf(manifest.files[file.path])
    const body = await unpack(await source.read(file.at, file.at + file.packedBytes), file)
    if (!label) continue
    files.push({ ...file, ...label, ...describeFile(label, body) })
    contents.push(JSON.stringify([label, sha256Of(body)]))
  }
  if (files.length === 0) throw new InvalidBundle("Its manifest names none of its files.")
  const { debug_id: debugId } = manifest
  return {
    debugId: typeof debugId === "string" && isStorable(debugId) ? debugId.slice(0, 64) : null,
    contentHash: sha256Of(Buffer.from(contents.sort().join("\n"))),
    files,
  }
}

type Manifest = { files: Record<string, unknown>; debug_id?: unknown }

async function readManifest(source: ByteSource, packed: readonly PackedFile[]): Promise<Manifest> {
  const file = packed.find(({ path }) => path === MANIFEST)
  if (!file) throw new InvalidBundle("It has no manifest.json.")
  if (file.bytes > MAX_MANIFEST_BYTES) throw new InvalidBundle("Its manifest.json is too large.")
  const body = await unpack(await source.read(file.at, file.at + file.packedBytes), file)
  const json = parseJson(body, { maxDepth: 16, maxMembers: 1_000_000 })
  const manifest = "value" in json && isJsonObject(json.value) ? json.value : null
  if (!manifest || !isJsonObject(manifest.files)) {
    throw new InvalidBundle("Its manifest.json does not list files.")
  }
  return { files: manifest.files, debug_id: manifest.debug_id }
}

/** null: the manifest does not name this file, or calls it something that nobody knows. */
function labelOf(listed: unknown): ArtifactLabel | null {
  if (!isJsonObject(listed) || !isType(listed.type)) return null
  const url = typeof listed.url === "string" && isStorable(listed.url) ? listed.url : null
  return { type: listed.type, url, headers: headersOf(listed.headers) }
}

const isType = (value: unknown): value is ArtifactType =>
  (ARTIFACT_TYPES as readonly unknown[]).includes(value)

/** PostgreSQL stores neither NUL nor half a character. */
const isStorable = (text: string) =>
  text !== "" && text.length <= MAX_URL_CHARS && !text.includes("\0") && text.isWellFormed()

/** Names are the same in any case. */
function headersOf(listed: unknown): Record<string, string> {
  if (!isJsonObject(listed)) return {}
  const headers: [string, string][] = []
  for (const [name, value] of Object.entries(listed).slice(0, MAX_HEADERS)) {
    const isFine = typeof value === "string" && value.length <= MAX_HEADER_CHARS && isStorable(name)
    if (isFine) headers.push([name.toLowerCase(), value.replaceAll("\0", "").toWellFormed()])
  }
  return Object.fromEntries(headers)
}
