import type { App } from "#app.ts"
import { messageOf } from "#platform/errors.ts"
import { BLOB_FOLDER } from "./attachment.ts"

const AT_ONCE = 16
const DAY = /^\d{4}-\d\d-\d\d$/

/** Deletes blobs that no row names any more. One that cannot be deleted now goes with its day. */
export async function deleteBlobs(
  { blobs, log }: Pick<App, "blobs" | "log">,
  keys: readonly string[],
): Promise<void> {
  for (let start = 0; start < keys.length; start += AT_ONCE) {
    const some = keys.slice(start, start + AT_ONCE)
    const results = await Promise.allSettled(some.map((key) => blobs.delete(key)))
    for (const result of results) {
      if (result.status === "rejected") {
        log.warn({ error: messageOf(result.reason) }, "blob not deleted")
      }
    }
  }
}

/** Deletes all blobs of days before `day`, those included of which no row tells; returns which days went. */
export async function deleteBlobDays(
  { blobs }: Pick<App, "blobs">,
  day: string,
): Promise<string[]> {
  const days = await blobs.folders(BLOB_FOLDER)
  const old = days.filter((name) => DAY.test(name) && name < day)
  for (const name of old) await blobs.deleteFolder(`${BLOB_FOLDER}/${name}`)
  return old
}
