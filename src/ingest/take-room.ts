import type { KeyAccess } from "#projects/key-access-store.ts"
import { type LimitedCategory, limitedCategoryOf } from "#protocol/rate-limits.ts"
import {
  countOf,
  dropEvent,
  dropItems,
  eventCategoryOf,
  isCrashFile,
  type Parcel,
  type ParcelItem,
} from "./parcel.ts"
import type { RateLimit } from "./refusal.ts"
import type { Room } from "./room.ts"

/**
 * Drops from a parcel what there is no room for; returns the limits that stood in the way. An event that falls takes along what
 * has no meaning without it; sessions, logs and the like each have room of their own.
 */
export async function takeRoom(
  room: Room,
  access: KeyAccess,
  parcel: Parcel,
  now: Date,
): Promise<RateLimit[]> {
  const reached: RateLimit[] = []
  const category = eventCategoryOf(parcel)
  const needed = category && limitedCategoryOf(category)
  const limit = needed && (await room.take(access, needed, 1, now))
  if (limit) {
    dropEvent(parcel, "rate_limited", limit.reason)
    reached.push(limit)
  }
  const others = Map.groupBy(
    parcel.items.filter(({ kind }) => !kind.isEvent),
    ({ kind }) => limitedCategoryOf(kind.category),
  )
  for (const [kind, items] of others) {
    const other = kind && (await room.take(access, kind, quantityOf(items, kind), now))
    if (!other) continue
    // Of a crash there may be nothing else.
    const falling = new Set(items.filter((item) => !isCrashFile(item)))
    dropItems(
      parcel,
      (item) => falling.has(item),
      () => ({ outcome: "rate_limited", reason: other.reason }),
    )
    if (falling.size > 0) reached.push(other)
  }
  return reached
}

/** Attachments by the byte, not by the piece: an item may count in several categories. */
function quantityOf(items: readonly ParcelItem[], kind: LimitedCategory): number {
  return items
    .flatMap(countOf)
    .filter(({ category }) => limitedCategoryOf(category) === kind)
    .reduce((sum, { quantity }) => sum + quantity, 0)
}
