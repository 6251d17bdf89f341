import type { NormalizedEvent } from "#normalize/event.ts"
import { decodePayload } from "./payload-codec.ts"
import type { EventRow } from "./read-store.ts"

/** A row of `events` with its payload opened. */
export type StoredEvent = Omit<EventRow, "payload"> & {
  event: NormalizedEvent
  /** Bytes of the payload as stored. */
  storedBytes: number
}

export function openEvent(row: EventRow): StoredEvent {
  const { payload, ...place } = row
  return {
    ...place,
    // Only normalized events are ever stored.
    event: decodePayload(payload) as NormalizedEvent,
    storedBytes: payload.length,
  }
}
