import type { App } from "#app.ts"
import { findProjectEvent } from "#events/read-store.ts"
import { openEvent } from "#events/stored-event.ts"
import type { NormalizedEvent } from "#normalize/event.ts"
import { normalizeEvent } from "#normalize/normalize.ts"
import { securityEvent } from "#normalize/reports/security-report.ts"
import { AppError } from "#platform/errors.ts"
import { newEventId, parseEventId } from "#protocol/event-id.ts"
import { isJsonObject, parseJson } from "#protocol/json.ts"
import { MAX_FIELD_LENGTH } from "../form-data.ts"

/** An event to try settings on. */
export type EventSample = {
  event: NormalizedEvent
  isTransaction: boolean
  /** It is one that was kept, so that scrubbing has been at it. */
  isStored: boolean
}

const JSON_LIMITS = { maxDepth: 100, maxMembers: 20_000 }

/**
 * The event that somebody named by its id, one of the project, or pasted as JSON: as a client sends it, or a report of a browser.
 * Throws `invalid` for the field `sample`.
 */
export async function readEventSample(
  app: Pick<App, "sql" | "clock">,
  project: { id: string },
  text: string,
  clientAddress: string,
): Promise<EventSample> {
  const eventId = parseEventId(text)
  if (eventId) return storedSample(app, project, eventId)
  const json = jsonOf(text)
  const event = normalizeEvent(json, {
    eventId: newEventId(),
    receivedAt: app.clock.now(),
    clientAddress,
  })
  return { event, isTransaction: json.type === "transaction", isStored: false }
}

async function storedSample(app: Pick<App, "sql">, project: { id: string }, eventId: string) {
  const row = await findProjectEvent(app.sql, { projectId: project.id, eventId })
  if (!row)
    throw unusable(
      "This project has no event with this id. It may have been dropped, or it is gone by now.",
    )
  return { event: openEvent(row).event, isTransaction: false, isStored: true }
}

function jsonOf(text: string): Record<string, unknown> {
  if (text === "") throw unusable("Paste an event as JSON here, or the id of one.")
  if (text.length >= MAX_FIELD_LENGTH) throw unusable("This is too long to be tried here.")
  const parsed = parseJson(new TextEncoder().encode(text), JSON_LIMITS)
  if (!("value" in parsed) || !isJsonObject(parsed.value)) {
    throw unusable("This is neither the id of an event nor one as JSON.")
  }
  const isReport = "csp-report" in parsed.value || parsed.value.type === "csp-violation"
  if (!isReport) return parsed.value
  const source = { release: undefined, environment: undefined, userAgent: "" }
  const event = securityEvent(parsed.value, source)
  if ("fault" in event) throw unusable("This is a report that makes no sense.")
  return event
}

function unusable(message: string): AppError {
  return new AppError("invalid", message, { field: "sample" })
}
