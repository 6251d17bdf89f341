import { parseEventId } from "#protocol/event-id.ts"
import type { Composition } from "../accept-composed.ts"
import { isRefusal, type Refusal, refuse } from "../refusal.ts"
import { formParts } from "./form-parts.ts"

/** The files of a form as attachments of an event that came before or is still to come. */
export function composeAttachments(
  bytes: Uint8Array,
  request: { eventId: string; contentType: string | null; maxFiles: number },
): Composition | Refusal {
  const eventId = parseEventId(request.eventId)
  if (eventId === null) return refuse("invalid_event_id")
  const parts = formParts(bytes, request.contentType, request.maxFiles)
  if (isRefusal(parts)) return parts
  return {
    eventId,
    items: parts
      .filter(({ filename }) => filename !== null)
      .map(({ filename, contentType, content }) => ({
        type: "attachment",
        headers: { filename, content_type: contentType },
        payload: content,
      })),
  }
}
