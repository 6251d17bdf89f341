import type { App } from "#app.ts"
import { deleteBundle, insertBundle, isMadeOf } from "../artifacts/bundle-store.ts"
import { updateChunksUsed } from "../artifacts/chunk-store.ts"
import { type DebugFile, findDebugUpload, insertDebugFile, listObjectsOf } from "./store.ts"

/** What clients are told of an upload; Sentry's words. */
export type DebugAssembly = {
  state: "not_found" | "created" | "assembling" | "ok" | "error"
  missingChunks: string[]
  detail: string | null
  /** What is in it, once that is known. */
  files: DebugFile[]
}

export type DebugFileRequest = {
  organizationId: string
  projectId: string
  checksum: string
  name: string
  chunks: readonly string[]
}

/** Somebody else was quicker; what was begun is taken back. */
class Overtaken extends Error {}

/** Makes a debug file of chunks, once all of them are here; asked again, tells how far it is. */
export async function requestDebugFile(
  app: App,
  request: DebugFileRequest,
): Promise<DebugAssembly> {
  const { projectId, checksum, name } = request
  const known = await findDebugUpload(app.sql, { projectId, checksum, name })
  if (known?.status === "ready") {
    const files = await listObjectsOf(app.sql, projectId, known.id)
    return answer("ok", { files: [...files] })
  }
  if (request.chunks.length === 0) return answer("not_found")
  const isTried = known?.status === "failed" && (await isMadeOf(app.sql, known.id, request.chunks))
  if (known && isTried) return answer("error", { detail: known.detail })
  if (known?.status === "assembling" && !known.isStale) return answer("assembling")
  if (known) await deleteBundle(app.sql, known.id)
  return begin(app, request).catch((error: unknown) => {
    if (error instanceof Overtaken) return answer("assembling")
    throw error
  })
}

function begin(app: App, request: DebugFileRequest): Promise<DebugAssembly> {
  const { organizationId, projectId, checksum, name } = request
  return app.sql.begin(async (tx): Promise<DebugAssembly> => {
    const here = await updateChunksUsed(tx, organizationId, request.chunks)
    const missing = request.chunks.filter((sha1) => !here.some((chunk) => chunk.sha1 === sha1))
    if (missing.length > 0) return answer("not_found", { missingChunks: [...new Set(missing)] })
    const chunks = request.chunks.flatMap((sha1) => here.find((chunk) => chunk.sha1 === sha1) ?? [])
    const bytes = chunks.reduce((sum, { size }) => sum + size, 0)
    if (bytes > app.config["filestore.max-upload-bytes"]) {
      return answer("error", { detail: "The file is too large." })
    }
    const bundleId = await insertBundle(tx, {
      organizationId,
      kind: "debug_file",
      checksum,
      chunks,
    })
    if (bundleId === null) throw new Overtaken()
    if (!(await insertDebugFile(tx, { projectId, bundleId, checksum, name }))) throw new Overtaken()
    await app.tasks.insert(tx, "assemble-bundle", [{ bundleId }])
    return answer("created")
  })
}

function answer(state: DebugAssembly["state"], rest: Partial<DebugAssembly> = {}): DebugAssembly {
  return { state, missingChunks: [], detail: null, files: [], ...rest }
}
