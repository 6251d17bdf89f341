import { unrealEvent } from "#normalize/reports/unreal-report.ts"
import { newEventId } from "#protocol/event-id.ts"
import type { Composition } from "../accept-composed.ts"
import { type Refusal, refuse } from "../refusal.ts"

/** What Unreal Engine's crash reporter sends: an archive of its own, kept as it is beside an event that stands for the crash. */
export function composeUnrealCrash(
  bytes: Uint8Array,
  request: { query: string },
): Composition | Refusal {
  if (bytes.length === 0) return refuse("empty_body")
  const event = unrealEvent(new URLSearchParams(request.query).get("UserID"))
  const archive = { filename: "crash.uecrash", content_type: "application/octet-stream" }
  return {
    eventId: newEventId(),
    items: [
      { type: "event", headers: {}, payload: Buffer.from(JSON.stringify(event)) },
      { type: "attachment", headers: archive, payload: bytes },
    ],
  }
}
