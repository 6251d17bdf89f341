import type { App } from "#app.ts"
import {
  type AssemblingBundle,
  insertArtifactFiles,
  updateBundleReady,
} from "../artifacts/bundle-store.ts"
import type { ByteSource, ZipLimits } from "../artifacts/zip-index.ts"
import { readObjects } from "./read-objects.ts"
import { findUploadedFile, insertDebugObjects } from "./store.ts"

const ROWS = 1000

/** Reads what a debug file is, whose chunks are all here. Throws InvalidBundle with the reason when it is none. */
export async function keepDebugFile(
  app: Pick<App, "sql" | "log">,
  bundle: AssemblingBundle,
  source: ByteSource,
  limits: ZipLimits,
  signal: AbortSignal,
): Promise<void> {
  const file = await findUploadedFile(app.sql, bundle.id)
  // Its project is gone.
  if (!file) return
  const { objects, sources } = await readObjects(file.name, source, limits, signal)
  await app.sql.begin(async (tx) => {
    const found = { files: sources.length, debugId: objects[0]?.debugId ?? null, contentHash: null }
    if (!(await updateBundleReady(tx, bundle.id, found))) return
    await insertDebugObjects(tx, { projectId: file.projectId, bundleId: bundle.id }, objects)
    for (let start = 0; start < sources.length; start += ROWS) {
      await insertArtifactFiles(tx, bundle.id, sources.slice(start, start + ROWS), start)
    }
  })
  app.log.info({ bundleId: bundle.id, kinds: objects.map(({ kind }) => kind) }, "debug file ready")
}
