import { acceptComposed, type Form } from "#ingest/accept-composed.ts"
import { composeCheckIn } from "#ingest/compose/check-in.ts"
import { composeAttachments } from "#ingest/compose/event-attachments.ts"
import { composeMinidump } from "#ingest/compose/minidump.ts"
import { composeUnrealCrash } from "#ingest/compose/unreal-crash.ts"
import type { Door } from "#ingest/door.ts"
import type { Answer } from "#ingest/refusal.ts"
import type { Submission } from "#ingest/submission.ts"
import { newEventId } from "#protocol/event-id.ts"
import type { IngestPath } from "./paths.ts"
import { dashedIdResponse, doneResponse, refusedResponse } from "./responses.ts"

/**
 * `POST /api/N/minidump/`, `POST /api/N/unreal/KEY/`, `POST /api/N/events/ID/attachments/`, `GET` and `POST /api/N/cron/SLUG/`:
 * what comes neither as an event nor as an envelope.
 */
export async function answerUpload(
  door: Door,
  request: Request,
  path: IngestPath & { query: string },
  submission: Submission,
): Promise<Response> {
  const contentType = request.headers.get("content-type")
  const answer = await acceptComposed(door, submission, formOf(door, path, contentType))
  if (path.endpoint !== "attachments" && isSetLimit(answer)) return takenResponse(path.endpoint)
  return answer.accepted ? takenResponse(path.endpoint, answer.eventId) : refusedResponse(answer)
}

function formOf(
  door: Door,
  { endpoint, subject = "", query }: IngestPath & { query: string },
  contentType: string | null,
): Form {
  switch (endpoint) {
    case "minidump":
      return { category: "error", compose: (bytes) => composeMinidump(bytes, contentType, door) }
    case "unreal":
      return { category: "error", compose: (bytes) => composeUnrealCrash(bytes, { query }) }
    case "attachments": {
      const form = { eventId: subject, contentType, maxFiles: door.limits.maxEnvelopeItems }
      return { category: "attachment_item", compose: (bytes) => composeAttachments(bytes, form) }
    }
    default: {
      const checkIn = { slug: slugOf(subject), query }
      const compose = (bytes: Uint8Array) =>
        composeCheckIn(isJson(contentType) ? bytes : NO_BYTES, checkIn)
      return { category: "monitor", maxBytes: MAX_CHECK_IN_BYTES, compose }
    }
  }
}

const NO_BYTES = new Uint8Array()
/** What Sentry takes; a schedule and its thresholds are a few hundred bytes. */
const MAX_CHECK_IN_BYTES = 100 * 1024

function isJson(contentType: string | null): boolean {
  return /^application\/(?:[a-z0-9.-]{1,50}\+)?json *(?:;|$)/i.test(contentType ?? "")
}

/** A slug with a percent sign that is no escape is taken as it stands. */
function slugOf(subject: string): string {
  try {
    return decodeURIComponent(subject)
  } catch {
    return subject
  }
}

function takenResponse(endpoint: IngestPath["endpoint"], eventId: string | null = null): Response {
  switch (endpoint) {
    case "attachments":
      return doneResponse(201)
    case "cron":
      return doneResponse(202)
    default:
      return dashedIdResponse(eventId ?? newEventId())
  }
}

/** Our own distress, which a later try may not meet. */
const PASSING = new Set(["spool_full", "too_many_large_bodies", "unverified"])

/**
 * A limit that somebody has set. Crash reporters send again and again what is refused for want of room, and jobs fail by it, so
 * they are not told.
 */
function isSetLimit(answer: Answer): boolean {
  const { limits = [] } = answer
  return !answer.accepted && limits.length > 0 && !limits.some(({ reason }) => PASSING.has(reason))
}
