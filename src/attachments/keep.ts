import { setImmediate as nextTurn } from "node:timers/promises"
import type { KeptAttachment } from "#messages.ts"
import type { BlobStore } from "#platform/blobs/blobs.ts"
import { inTime } from "#platform/blobs/in-time.ts"
import { type AttachmentLabel, labelOf } from "./attachment.ts"
import { previewOf } from "./preview.ts"

/** Hashed in turns of this size: a hundred megabytes would hold everybody else up for a tenth of a second. */
const TURN_BYTES = 1024 * 1024
/** A blob store that hangs must not hold up the events beside. */
const PUT_TIMEOUT_MS = 15_000

/** An attachment that is still in memory, and where it is to be kept. */
export type LooseAttachment = AttachmentLabel & { blobKey: string; bytes: Uint8Array }

export function looseAttachment(
  { headers, payload }: { headers: Record<string, unknown>; payload: Uint8Array },
  blobKey: string,
): LooseAttachment {
  return { ...labelOf(headers), blobKey, bytes: payload }
}

/** Puts the bytes where they stay. Throws when the blob store cannot take them. */
export async function keepAttachment(
  blobs: BlobStore,
  { bytes, ...attachment }: LooseAttachment,
): Promise<KeptAttachment> {
  const [sha1] = await Promise.all([
    sha1Of(bytes),
    inTime(blobs.put(attachment.blobKey, bytes), PUT_TIMEOUT_MS),
  ])
  return { ...attachment, size: bytes.length, sha1, preview: previewOf(bytes) }
}

async function sha1Of(bytes: Uint8Array): Promise<string> {
  const hasher = new Bun.CryptoHasher("sha1")
  for (let start = 0; start < bytes.length; start += TURN_BYTES) {
    if (start > 0) await nextTurn()
    hasher.update(bytes.subarray(start, start + TURN_BYTES))
  }
  return hasher.digest("hex")
}
