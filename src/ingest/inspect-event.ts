import type { IngestMessage } from "#messages.ts"
import { newEventId, parseEventId } from "#protocol/event-id.ts"
import { isJsonObject, parseJson } from "#protocol/json.ts"
import { isSoundObject } from "#protocol/sound-json.ts"
import type { Parcel } from "./parcel.ts"
import { type Refusal, refuse } from "./refusal.ts"

/**
 * Decides the id of the event: the envelope's, else its own, else a new one; null when nothing in the parcel needs one. An event
 * that is not a JSON object is refused here, while somebody is there to be told.
 */
export function inspectEvent(
  parcel: Parcel,
  kind: IngestMessage["kind"],
  { maxJsonDepth, maxJsonKeys }: { maxJsonDepth: number; maxJsonKeys: number },
): { eventId: string | null } | Refusal {
  const event = parcel.items.find((item) => item.kind.isEvent)
  if (!event) {
    const needsId = parcel.items.some((item) => item.kind.needsId)
    return { eventId: parcel.eventId ?? (needsId ? newEventId() : null) }
  }
  const limits = { maxDepth: maxJsonDepth, maxMembers: maxJsonKeys }
  // The way of nearly all events: their id is known, and their JSON will be parsed once, by the worker.
  if (parcel.eventId !== null && isSoundObject(event.payload, limits)) {
    return { eventId: parcel.eventId }
  }
  const parsed = parseJson(event.payload, limits)
  if ("fault" in parsed) return refuse("invalid_json", causes[parsed.fault])
  if (!isJsonObject(parsed.value)) return refuse("invalid_json", "expected an object")

  const { event_id: written } = parsed.value
  const own = parseEventId(written)
  // Only a store request has no other place for its id: there a wrong one is an error, elsewhere it is a wrong attribute.
  const isWrong = own === null && written !== undefined && written !== null
  if (isWrong && kind === "store") return refuse("invalid_json", "invalid event id")
  return { eventId: parcel.eventId ?? own ?? newEventId() }
}

const causes = {
  not_json: "not a JSON text",
  too_deep: "nested too deeply",
  too_many_members: "too many members",
} as const
