import { promisify } from "node:util"
import { gunzip } from "node:zlib"
import { Hono } from "hono"
import type { App } from "#app.ts"
import { createGate } from "#platform/gate.ts"
import { boundaryOf, type Part, readMultipart } from "#protocol/multipart.ts"
import { keepChunk, sha1Of } from "#symbolication/artifacts/keep-chunk.ts"
import { publicUrl } from "../answer.ts"
import { type Access, type ApiContext, type ApiEnv, accessIn } from "../caller.ts"
import { RELEASE_WRITERS } from "../releases/requests.ts"
import {
  CHUNK_BYTES,
  CHUNKS_PER_REQUEST,
  CONCURRENT_REQUESTS,
  MAX_REQUEST_BYTES,
} from "./limits.ts"
import { refuseUpload } from "./refusal.ts"

const PATH = "/organizations/:org/chunk-upload/"
const MAX_WAIT_SECONDS = 60
const SHA1 = /^[0-9a-f]{40}$/
const PACKED = "file_gzip"
const FIELDS = new Set(["file", PACKED])
/** Beyond these a form is not even cut. */
const MAX_PARTS = 1000
/** Each is 32 MiB of body; the others wait with theirs unread. */
const RECEIVED_AT_ONCE = 2
const unzip = promisify(gunzip)

/** Uploads in pieces: how large they may be, and the pieces. */
export function chunkRoutes(app: App): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>()
  routes.get(PATH, (c) => {
    const { slug } = writerIn(c)
    return c.json({
      url: publicUrl(app, `/api/0/organizations/${slug}/chunk-upload/`),
      chunkSize: CHUNK_BYTES,
      chunksPerRequest: CHUNKS_PER_REQUEST,
      maxFileSize: app.config["filestore.max-upload-bytes"],
      maxRequestSize: MAX_REQUEST_BYTES,
      concurrency: CONCURRENT_REQUESTS,
      hashAlgorithm: "sha1",
      compression: ["gzip"],
      maxWait: MAX_WAIT_SECONDS,
      accept: [
        "release_files",
        "artifact_bundles",
        "artifact_bundles_v2",
        "debug_files",
        "proguard",
        "sources",
      ],
    })
  })
  const gate = createGate(RECEIVED_AT_ONCE)
  routes.post(PATH, (c) => {
    const { organizationId } = writerIn(c)
    return gate(() => receive(app, c, organizationId))
  })
  return routes
}

const writerIn = (c: ApiContext): Access =>
  accessIn(c, c.req.param("org") ?? "", ...RELEASE_WRITERS)

async function receive(app: App, c: ApiContext, organizationId: string) {
  const parts = await chunksOf(c)
  if (!parts) return refuseUpload(c, "Invalid multipart body")
  if (parts.length > CHUNKS_PER_REQUEST) return refuseUpload(c, "Too many chunks")
  for (const part of parts) {
    const bytes = await bytesOf(part)
    if (!bytes || bytes.length > CHUNK_BYTES) return refuseUpload(c, "Chunk size too large")
    const sha1 = part.filename ?? ""
    if (!SHA1.test(sha1) || sha1Of(bytes) !== sha1) return refuseUpload(c, "Checksum mismatch")
    await keepChunk(app, { organizationId, sha1, bytes })
  }
  return c.body(null, 200)
}

/** Files of the two names that clients use, in the body's own bytes; null: no form. Nothing at all is no fault. */
async function chunksOf(c: ApiContext): Promise<Part[] | null> {
  if (c.req.header("content-length") === "0") return []
  const boundary = boundaryOf(c.req.header("content-type") ?? null)
  if (!boundary) return null
  const parts = readMultipart(new Uint8Array(await c.req.arrayBuffer()), boundary, MAX_PARTS)
  return parts?.filter(({ name, filename }) => filename !== null && FIELDS.has(name)) ?? null
}

/** null: it unpacks to more than a chunk, or not at all. */
async function bytesOf({ name, content }: Part): Promise<Uint8Array | null> {
  if (name !== PACKED) return content
  return await unzip(content, { maxOutputLength: CHUNK_BYTES }).catch(() => null)
}
