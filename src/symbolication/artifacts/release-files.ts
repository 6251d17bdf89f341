import type { App } from "#app.ts"
import { AppError } from "#platform/errors.ts"
import { type ArtifactLabel, describeFile, typeOfName } from "./artifact-file.ts"
import { insertArtifactFiles, insertBundle, recordBundleUse } from "./bundle-store.ts"
import { readSlice } from "./chunk-source.ts"
import { updateChunksUsed } from "./chunk-store.ts"
import { keepChunk, sha1Of } from "./keep-chunk.ts"
import {
  isReleaseFileNamed,
  listBundleChunks,
  type ReleaseFile,
  type ReleaseFiles,
  updateReleaseFileReady,
} from "./release-file-store.ts"

export type NewReleaseFile = {
  name: string
  dist: string
  headers: Record<string, string>
  bytes: Uint8Array
}

/** Keeps a file that was uploaded by itself; returns its id. Throws conflict when the release has one of this name and dist. */
export async function addReleaseFile(
  app: Pick<App, "sql" | "blobs">,
  files: ReleaseFiles,
  projectIds: readonly string[],
  file: NewReleaseFile,
): Promise<string> {
  const { organizationId, release } = files
  const { name, dist, bytes } = file
  if (await isReleaseFileNamed(app.sql, files, file)) throw taken()
  const sha1 = sha1Of(bytes)
  await keepChunk(app, { organizationId, sha1, bytes })
  const label: ArtifactLabel = { type: typeOfName(name), url: name, headers: file.headers }
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const packed = { path: name, at: 0, packedBytes: bytes.length, bytes: bytes.length }
  return app.sql.begin(async (tx) => {
    const chunks = await updateChunksUsed(tx, organizationId, [sha1])
    const bundle = { organizationId, kind: "release_file" as const, checksum: sha1, chunks }
    const id = chunks.length === 1 ? await insertBundle(tx, bundle) : null
    if (id === null) throw new AppError("unavailable", "The file could not be kept. Try again.")
    await recordBundleUse(tx, id, { projectIds, release, dist })
    await insertArtifactFiles(tx, id, [
      { ...packed, ...label, ...describeFile(label, body), isDeflated: false },
    ])
    await updateReleaseFileReady(tx, id)
    return id
  })
}

export async function readReleaseFile(
  { sql, blobs }: Pick<App, "sql" | "blobs">,
  { id, size }: ReleaseFile,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readSlice(blobs, await listBundleChunks(sql, id), { start: 0, end: size })
  return Uint8Array.from(bytes)
}

function taken(): AppError {
  return new AppError("conflict", "A file matching this name already exists for the given release")
}
