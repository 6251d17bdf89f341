import { S3Client } from "bun"
import { type BlobStore, checkedKey, MARKER_KEY } from "./blobs.ts"

export type S3Options = {
  endpoint?: string
  region?: string
  bucket: string
  /** In front of every key; lets several installations share a bucket. */
  prefix?: string
  accessKeyId: string
  secretAccessKey: string
}

/** Blobs in any S3-compatible store. */
export function createS3Blobs(options: S3Options): BlobStore {
  const { prefix = "", ...connection } = options
  const client = new S3Client(connection)
  const fileOf = (key: string) => client.file(prefix + checkedKey(key))
  return {
    put: async (key, bytes) => {
      await fileOf(key).write(bytes)
    },
    get: async (key) => {
      try {
        return await fileOf(key).bytes()
      } catch (error) {
        if (isAbsent(error)) return null
        throw error
      }
    },
    delete: async (key) => {
      await fileOf(key).delete()
    },
    exists: (key) => fileOf(key).exists(),
    mark: async (instanceId) => {
      const marker = client.file(prefix + MARKER_KEY)
      if (!(await marker.exists())) await marker.write(instanceId)
      return marker.text()
    },
  }
}

function isAbsent(error: unknown): boolean {
  const { code } = error as { code?: string }
  return code === "NoSuchKey" || code === "NoSuchFile" || code === "ENOENT"
}
