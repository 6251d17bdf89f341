import { link, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises"
import { dirname, join } from "node:path"
import { type BlobStore, checkedKey, MARKER_KEY } from "./blobs.ts"

/** Blobs as files below a folder: this machine's, or a mount that several share. */
export function createFolderBlobs(directory: string): BlobStore {
  const pathOf = (key: string) => join(directory, checkedKey(key))
  return {
    put: (key, bytes) => writeWhole(pathOf(key), bytes, rename),
    get: (key) => readFile(pathOf(key)).catch(nullWhenAbsent),
    delete: (key) => rm(pathOf(key), { force: true }),
    exists: async (key) => (await stat(pathOf(key)).catch(nullWhenAbsent)) !== null,
    mark: async (instanceId) => {
      const path = join(directory, MARKER_KEY)
      await writeWhole(path, new TextEncoder().encode(instanceId), keepFirst)
      return readFile(path, "utf8")
    },
  }
}

/** Under another name first, so that nobody ever reads half a file, not even after a power cut. */
async function writeWhole(
  path: string,
  bytes: Uint8Array,
  place: (from: string, to: string) => Promise<void>,
): Promise<void> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const draft = join(folder, `.draft-${crypto.randomUUID()}`)
  try {
    const file = await open(draft, "wx", 0o600)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await place(draft, path)
  } finally {
    await rm(draft, { force: true })
  }
  const names = await open(folder, "r")
  await names.sync().finally(() => names.close())
}

/** Of several that mark the place at once, the first one's mark stays. */
async function keepFirst(from: string, to: string): Promise<void> {
  await link(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error
  })
}

function nullWhenAbsent(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT") return null
  throw error
}
