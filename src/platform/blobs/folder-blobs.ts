import { link, mkdir, open, readdir, readFile, rename, rm, stat, statfs } from "node:fs/promises"
import { dirname, join } from "node:path"
import { type BlobStore, BlobStoreFull, checkedKey, MARKER_KEY } from "./blobs.ts"

/**
 * Blobs as files below a folder: this machine's, or a mount that several share. `put` throws BlobStoreFull when less than
 * `minFreeBytes` of its disk would be left.
 */
export function createFolderBlobs(directory: string, minFreeBytes = 0): BlobStore {
  const pathOf = (key: string) => join(directory, checkedKey(key))
  return {
    put: async (key, bytes) => {
      const path = pathOf(key)
      if (minFreeBytes > 0) await refuseWhenFull(directory, minFreeBytes + bytes.length)
      await writeWhole(path, bytes, rename)
    },
    get: (key) => readFile(pathOf(key)).catch(nullWhenAbsent),
    slice: async (key, start, end) => {
      const file = await open(pathOf(key)).catch(nullWhenAbsent)
      if (!file) return null
      try {
        const bytes = Buffer.alloc(Math.max(0, Math.min(end, (await file.stat()).size) - start))
        const { bytesRead } = await file.read(bytes, 0, bytes.length, start)
        return bytes.subarray(0, bytesRead)
      } finally {
        await file.close()
      }
    },
    stream: async (key) => {
      const file = Bun.file(pathOf(key))
      return (await file.exists()) ? file.stream() : null
    },
    delete: (key) => rm(pathOf(key), { force: true }),
    exists: async (key) => (await stat(pathOf(key)).catch(nullWhenAbsent)) !== null,
    folders: async (folder) => {
      const entries = await readdir(pathOf(folder), { withFileTypes: true }).catch(nullWhenAbsent)
      return (entries ?? []).flatMap((entry) => (entry.isDirectory() ? entry.name : [])).sort()
    },
    deleteFolder: (folder) => rm(pathOf(folder), { recursive: true, force: true }),
    mark: async (instanceId) => {
      const path = join(directory, MARKER_KEY)
      await writeWhole(path, new TextEncoder().encode(instanceId), keepFirst)
      return readFile(path, "utf8")
    },
  }
}

async function refuseWhenFull(directory: string, neededBytes: number): Promise<void> {
  const disk = await statfs(directory).catch(nullWhenAbsent)
  if (disk && disk.bavail * disk.bsize < neededBytes) throw new BlobStoreFull("disk is nearly full")
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
