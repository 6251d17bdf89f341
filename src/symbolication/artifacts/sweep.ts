import type { App } from "#app.ts"
import { deleteLeavingChunks, updateForgottenChunks } from "./chunk-store.ts"
import { BLOB_FOLDER } from "./keep-chunk.ts"
import { deleteOrganizationBundles, deleteUnusedBundles } from "./sweep-store.ts"

const ROWS = 500
/** An upload may be under way for this long. */
const GRACE_MS = 86_400_000
const AT_ONCE = 16

/** Removes bundles that no event needed since `day`, and then the chunks that nothing is made of. */
export async function sweepArtifacts(
  { sql, blobs, clock }: Pick<App, "sql" | "blobs" | "clock">,
  day: string,
  signal: AbortSignal,
): Promise<number> {
  const before = new Date(clock.now().getTime() - GRACE_MS)
  let bundles = 0
  while (!signal.aborted) {
    const removed = await deleteUnusedBundles(sql, { day, before, limit: ROWS })
    bundles += removed
    if (removed < ROWS) break
  }
  while (!signal.aborted) {
    const chunks = await updateForgottenChunks(sql, before, ROWS)
    for (let start = 0; start < chunks.length; start += AT_ONCE) {
      const some = chunks.slice(start, start + AT_ONCE)
      await Promise.all(some.map(({ blobKey }) => blobs.delete(blobKey)))
    }
    await deleteLeavingChunks(sql, chunks)
    if (chunks.length < ROWS) break
  }
  return bundles
}

/** Removes what an organization uploaded, so that the organization can go. */
export async function deleteOrganizationArtifacts(
  { sql, blobs }: Pick<App, "sql" | "blobs">,
  organizationId: string,
): Promise<void> {
  while ((await deleteOrganizationBundles(sql, organizationId, ROWS)) === ROWS);
  await blobs.deleteFolder(`${BLOB_FOLDER}/${organizationId}`)
}
