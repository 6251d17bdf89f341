import { AppError } from "#platform/errors.ts"
import { remapEvents } from "./remap.ts"
import { findRemapping, insertRemapping, type Remapping } from "./remap-store.ts"
import type { Parts } from "./rewrite-mapped.ts"

/** What the task does, here and now; `onProgress` hears of every chunk. Throws conflict when it is under way. */
export async function applyUploads(
  app: Parts,
  projectId: string,
  onProgress: (run: Pick<Remapping, "lookedAt" | "total">) => void,
): Promise<Remapping> {
  const id = await app.sql.begin((tx) => insertRemapping(tx, projectId, null))
  if (id === null) throw new AppError("conflict", "The uploads are being applied already.")
  const { signal } = new AbortController()
  await remapEvents(app, { projectId, remappingId: id }, signal, onProgress)
  const run = await findRemapping(app.sql, { projectId, id })
  if (!run) throw new AppError("not_found", "The project is gone.")
  return run
}
