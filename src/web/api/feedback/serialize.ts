import type { Feedback } from "#feedback/read-store.ts"
import { apiTime } from "../time.ts"

/** Sentry's UserReport; `eventID` is "" for feedback without an event. */
export function serializeFeedback(feedback: Feedback, issue: object | null) {
  const eventId = feedback.eventId ?? ""
  return {
    id: feedback.id,
    eventID: eventId,
    name: feedback.name,
    email: feedback.email,
    comments: feedback.message,
    dateCreated: apiTime(feedback.receivedAt),
    user: null,
    event: { id: eventId, eventID: eventId },
    issue,
  }
}
