import { blobKeyOf } from "#attachments/attachment.ts"
import { deleteBlobs } from "#attachments/delete-blobs.ts"
import { keepAttachment, looseAttachment } from "#attachments/keep.ts"
import type { KeptAttachment } from "#messages.ts"
import { messageOf } from "#platform/errors.ts"
import type { Door } from "./door.ts"
import { dropItems, isLargeAttachment, type Parcel, type ParcelItem } from "./parcel.ts"

export type Parking = { items: ParcelItem[]; kept: KeptAttachment[] }

const NOTHING: Parking = { items: [], kept: [] }

/**
 * Puts the large attachments of a parcel into the blob store, so that they do not travel through the queue. Those that it cannot
 * take are dropped with an outcome; nobody's, of a key that could not be looked up, are never taken.
 */
export async function parkAttachments(
  door: Pick<Door, "blobs" | "log">,
  parcel: Parcel,
  message: { id: string; receivedAt: number; isKnown: boolean },
): Promise<Parking> {
  if (!parcel.items.some(isLargeAttachment)) return NOTHING
  if (!message.isKnown) {
    dropItems(parcel, isLargeAttachment, () => ({ outcome: "invalid", reason: "too_large" }))
    return NOTHING
  }
  const parking: Parking = { items: [], kept: [] }
  const refused = new Set<ParcelItem>()
  for (const [index, item] of parcel.items.filter(isLargeAttachment).entries()) {
    try {
      const loose = looseAttachment(item.source, `${blobKeyOf(message, index)}-parked`)
      parking.kept.push(await keepAttachment(door.blobs, loose))
      parking.items.push(item)
    } catch (error) {
      door.log.warn(
        { error: messageOf(error), bytes: item.payload.length },
        "attachment not parked",
      )
      refused.add(item)
    }
  }
  dropItems(
    parcel,
    (item) => refused.has(item),
    () => NOT_STORED,
  )
  return parking
}

const NOT_STORED = { outcome: "discarded", reason: "blob_store" }

/** The message that would have told of them was not taken in. What stays behind goes with its day. */
export async function unpark(door: Pick<Door, "blobs" | "log">, { kept }: Parking): Promise<void> {
  await deleteBlobs(
    door,
    kept.map(({ blobKey }) => blobKey),
  )
}
