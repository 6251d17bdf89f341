import { isEmail } from "#accounts/users/account.ts"
import { cutText } from "#normalize/values/text.ts"
import { parseEventId } from "#protocol/event-id.ts"

/** What somebody wrote, made regular. */
export type Report = {
  /** user_report: about an event; feedback: an item of its own, with or without one. */
  kind: "user_report" | "feedback"
  /** The id under which its attachments are stored; null for user reports. */
  feedbackId: string | null
  /** The event it is about. */
  eventId: string | null
  /** "" = did not say. */
  name: string
  email: string
  message: string
  url: string
  environment: string
  release: string
}

export const REPORT_LIMITS = { name: 128, email: 75, message: 4096 } as const
const MAX_URL_CHARS = 2048
const MAX_LABEL_CHARS = 250

/**
 * `{event_id, name, email, comments}` as SDKs and forms send it; null when it cannot be kept: no event, nothing said, something
 * too long, an address that is none. `eventId` is the envelope's, for reports that name none.
 */
export function readUserReport(
  json: Record<string, unknown>,
  eventId: string | null,
): Report | null {
  const about = parseEventId(json.event_id) ?? eventId
  const name = textOf(json.name)
  const email = textOf(json.email)
  const message = textOf(json.comments)
  const isKept =
    message !== "" &&
    message.length <= REPORT_LIMITS.message &&
    name.length <= REPORT_LIMITS.name &&
    email.length <= REPORT_LIMITS.email &&
    (email === "" || isEmail(email))
  if (about === null || !isKept) return null
  return { ...EMPTY, kind: "user_report", eventId: about, name, email, message }
}

/**
 * An event with `contexts.feedback`, as the feedback widget sends it; null when it says nothing. Wishes of its own are met as far
 * as they make sense, and left out otherwise: the message is what counts.
 */
export function readFeedback(json: Record<string, unknown>, feedbackId: string): Report | null {
  const { feedback } = objectOf(json.contexts)
  const given = objectOf(feedback)
  const message = cutText(textOf(given.message), REPORT_LIMITS.message)
  if (message === "") return null
  const email = textOf(given.contact_email)
  return {
    kind: "feedback",
    feedbackId,
    eventId: parseEventId(given.associated_event_id),
    name: cutText(textOf(given.name), REPORT_LIMITS.name),
    email: email.length <= REPORT_LIMITS.email && isEmail(email) ? email : "",
    message,
    url: textOf(given.url).slice(0, MAX_URL_CHARS),
    environment: textOf(json.environment).slice(0, MAX_LABEL_CHARS),
    release: textOf(json.release).slice(0, MAX_LABEL_CHARS),
  }
}

const EMPTY = { feedbackId: null, url: "", environment: "", release: "" } as const

function objectOf(value: unknown): Record<string, unknown> {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value)
  return isObject ? (value as Record<string, unknown>) : {}
}

/** PostgreSQL stores neither NUL nor half a character. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value.replaceAll("\0", "").toWellFormed().trim() : ""
}
