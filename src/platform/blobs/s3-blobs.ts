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

const DELETED_AT_ONCE = 16

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
    slice: async (key, start, end) => {
      try {
        return await fileOf(key).slice(start, end).bytes()
      } catch (error) {
        if (isAbsent(error)) return null
        throw error
      }
    },
    stream: async (key) => {
      const file = fileOf(key)
      return (await file.exists()) ? file.stream() : null
    },
    delete: async (key) => {
      await fileOf(key).delete()
    },
    exists: (key) => fileOf(key).exists(),
    folders: async (folder) => {
      const names: string[] = []
      const start = `${prefix}${checkedKey(folder)}/`
      for await (const page of pagesOf(client, { prefix: start, delimiter: "/" })) {
        for (const each of page.commonPrefixes ?? []) {
          names.push(each.prefix.slice(start.length).replace(/\/$/, ""))
        }
      }
      return names.sort()
    },
    deleteFolder: async (folder) => {
      const start = `${prefix}${checkedKey(folder)}/`
      for await (const { contents = [] } of pagesOf(client, { prefix: start })) {
        for (let i = 0; i < contents.length; i += DELETED_AT_ONCE) {
          const some = contents.slice(i, i + DELETED_AT_ONCE)
          await Promise.all(some.map(({ key }) => client.delete(key)))
        }
      }
    },
    mark: async (instanceId) => {
      const marker = client.file(prefix + MARKER_KEY)
      if (!(await marker.exists())) await marker.write(instanceId)
      return marker.text()
    },
  }
}

/** A listing comes a thousand keys at a time. */
async function* pagesOf(client: S3Client, wanted: { prefix: string; delimiter?: string }) {
  let continuationToken: string | undefined
  do {
    const page = await client.list({ ...wanted, ...(continuationToken && { continuationToken }) })
    yield page
    continuationToken = page.isTruncated ? page.nextContinuationToken : undefined
  } while (continuationToken)
}

function isAbsent(error: unknown): boolean {
  const { code } = error as { code?: string }
  return code === "NoSuchKey" || code === "NoSuchFile" || code === "ENOENT"
}
