import type { App } from "#app.ts"
import type { JobData } from "#jobs.ts"
import { keepDebugFile } from "../debug-files/keep.ts"
import {
  type AssemblingBundle,
  type BundleState,
  type BundleUse,
  deleteBundle,
  findAssemblingBundle,
  findBundleByChecksum,
  insertArtifactFiles,
  insertBundle,
  isMadeOf,
  recordBundleUse,
  replaceSameContent,
  updateBundleFailed,
  updateBundleReady,
} from "./bundle-store.ts"
import { chunkSource, GoneChunk } from "./chunk-source.ts"
import { type Chunk, updateChunksLeaving, updateChunksUsed } from "./chunk-store.ts"
import { sha256Of } from "./keep-chunk.ts"
import { type Bundle, readBundle } from "./read-bundle.ts"
import { InvalidBundle } from "./zip-index.ts"

/** What clients are told of an upload; Sentry's words. */
export type Assembly = {
  state: "not_found" | "created" | "assembling" | "ok" | "error"
  missingChunks: string[]
  detail: string | null
}

export type AssemblyRequest = {
  organizationId: string
  checksum: string
  chunks: readonly string[]
  use: BundleUse
}

const MAX_FILE_BYTES = 256 * 1024 * 1024
const ROWS = 1000

/** Makes a bundle of chunks, once all of them are here; asked again, tells how far it is. */
export async function requestAssembly(app: App, request: AssemblyRequest): Promise<Assembly> {
  const { organizationId, checksum, use } = request
  const known = await findBundleByChecksum(app.sql, organizationId, checksum)
  if (known && !(await isWorthAnotherTry(app, known, request))) {
    if (known.status === "failed") return answer("error", { detail: known.detail })
    await recordBundleUse(app.sql, known.id, use)
    return answer(known.status === "ready" ? "ok" : "assembling")
  }
  if (known) await deleteBundle(app.sql, known.id)
  return app.sql.begin(async (tx): Promise<Assembly> => {
    const here = await updateChunksUsed(tx, organizationId, request.chunks)
    const missing = request.chunks.filter((sha1) => !here.some((chunk) => chunk.sha1 === sha1))
    if (missing.length > 0) return answer("not_found", { missingChunks: [...new Set(missing)] })
    const chunks = request.chunks.flatMap((sha1) => here.find((chunk) => chunk.sha1 === sha1) ?? [])
    const tooLarge = app.config["filestore.max-upload-bytes"] < sizeOf(chunks)
    if (tooLarge) return answer("error", { detail: "The bundle is too large." })
    const bundle = { organizationId, kind: "bundle" as const, checksum, chunks }
    const id = await insertBundle(tx, bundle)
    if (id === null) return answer("assembling")
    await recordBundleUse(tx, id, use)
    await app.tasks.insert(tx, "assemble-bundle", [{ bundleId: id }])
    return answer("created")
  })
}

/** What failed for its chunks may succeed with others; what has been assembling for an hour has been forgotten. */
async function isWorthAnotherTry(app: App, known: BundleState, { chunks }: AssemblyRequest) {
  if (known.status === "failed") return !(await isMadeOf(app.sql, known.id, chunks))
  return known.status === "assembling" && known.isStale
}

function answer(state: Assembly["state"], rest: Partial<Assembly> = {}): Assembly {
  return { state, missingChunks: [], detail: null, ...rest }
}

const sizeOf = (chunks: readonly Chunk[]) => chunks.reduce((sum, { size }) => sum + size, 0)

/** Reads a bundle whose chunks are all here. What is wrong with it is told to whoever asks; a failing blob store is tried again. */
export async function assembleBundle(
  app: App,
  { bundleId }: JobData<"assemble-bundle">,
  signal: AbortSignal,
): Promise<void> {
  const bundle = await findAssemblingBundle(app.sql, bundleId)
  if (!bundle) return
  try {
    await checkBytes(app, bundle, signal)
    const limits = {
      maxFiles: app.config["filestore.max-bundle-files"],
      maxFileBytes: MAX_FILE_BYTES,
      maxUnpackedBytes: app.config["filestore.max-unpacked-bytes"],
    }
    const source = chunkSource(app.blobs, bundle.chunks)
    if (bundle.kind === "debug_file") await keepDebugFile(app, bundle, source, limits, signal)
    else await keepFiles(app, bundle, await readBundle(source, limits, signal))
  } catch (error) {
    if (error instanceof GoneChunk) {
      app.log.error({ bundleId }, "a chunk of an upload is gone from the blob store")
      return forgetUpload(app, bundle)
    }
    if (!(error instanceof InvalidBundle)) throw error
    app.log.warn({ bundleId, kind: bundle.kind, reason: error.message }, "upload refused")
    await updateBundleFailed(app.sql, bundleId, error.message)
  }
}

/** The client is told that nothing is here, and sends it again. */
async function forgetUpload(app: App, bundle: AssemblingBundle): Promise<void> {
  await app.sql.begin(async (tx) => {
    await deleteBundle(tx, bundle.id)
    await updateChunksLeaving(
      tx,
      bundle.chunks.map(({ blobKey }) => blobKey),
    )
  })
}

/** The chunks are what came, and together what was announced. */
async function checkBytes(app: App, bundle: AssemblingBundle, signal: AbortSignal): Promise<void> {
  const whole = new Bun.CryptoHasher("sha1")
  for (const chunk of bundle.chunks) {
    signal.throwIfAborted()
    const bytes = await app.blobs.get(chunk.blobKey)
    if (!bytes || sha256Of(bytes) !== chunk.sha256) throw new GoneChunk(chunk.blobKey)
    whole.update(bytes)
  }
  if (whole.digest("hex") !== bundle.checksum) throw new InvalidBundle("Reported checksum mismatch")
}

async function keepFiles(
  app: App,
  bundle: AssemblingBundle,
  { debugId, contentHash, files }: Bundle,
) {
  await app.sql.begin(async (tx) => {
    const found = { files: files.length, debugId, contentHash }
    if (!(await updateBundleReady(tx, bundle.id, found))) return
    for (let start = 0; start < files.length; start += ROWS) {
      await insertArtifactFiles(tx, bundle.id, files.slice(start, start + ROWS), start)
    }
    await replaceSameContent(tx, { ...bundle, contentHash })
  })
  app.log.info({ bundleId: bundle.id, files: files.length }, "artifact bundle ready")
}
