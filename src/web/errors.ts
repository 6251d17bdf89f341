import type { ContentfulStatusCode } from "hono/utils/http-status"
import { AppError, type ErrorCode } from "#platform/errors.ts"

/** The only place that knows which status an expected refusal has. */
const STATUS: Record<ErrorCode, ContentfulStatusCode> = {
  invalid: 422,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  rate_limited: 429,
  unavailable: 503,
}

/** Seconds after which somebody who met an outage of PostgreSQL may come back. */
const RETRY_AFTER_SECONDS = 5

/** PostgreSQL's text holds everything but NUL: somebody put one into an address, a form or a body. */
const CHARACTER_NOT_IN_REPERTOIRE = "22021"

export type Refusal = {
  status: ContentfulStatusCode
  message: string
  headers: Record<string, string>
  /** true: nobody expected this; it belongs into the log with its stack. */
  isBug: boolean
}

/** Every thrown thing as an answer. Only an AppError's message is meant for people. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof AppError) {
    const { retryAfterSeconds } = error.details
    const headers = retryAfterSeconds ? { "Retry-After": String(retryAfterSeconds) } : {}
    return { status: STATUS[error.code], message: error.message, headers, isBug: false }
  }
  if (isDatabaseAway(error)) {
    return {
      status: 503,
      message: "The database cannot be reached right now. Events are still accepted and kept.",
      headers: { "Retry-After": String(RETRY_AFTER_SECONDS) },
      isBug: false,
    }
  }
  if (isDatabaseBusy(error)) {
    const message = "This took the database too long. Try again, or ask for less at once."
    return {
      status: 503,
      message,
      headers: { "Retry-After": String(RETRY_AFTER_SECONDS) },
      isBug: false,
    }
  }
  if (codeOf(error) === CHARACTER_NOT_IN_REPERTOIRE) {
    return { status: 422, message: "Text cannot hold a NUL character.", headers: {}, isBug: false }
  }
  return { status: 500, message: "Something broke on our side.", headers: {}, isBug: true }
}

const AWAY_CODES = new Set([
  // the driver's and the operating system's words for "nobody answers"
  "CONNECTION_CLOSED",
  "CONNECTION_DESTROYED",
  "CONNECTION_ENDED",
  "CONNECT_TIMEOUT",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENOENT",
  "ENOTFOUND",
  "ETIMEDOUT",
  // PostgreSQL: shutting down, crashed, starting up, too many connections
  "57P01",
  "57P02",
  "57P03",
  "53300",
])

/** Statement and lock timeouts: somebody else is at it, or the page asks for too much. */
export function isDatabaseBusy(error: unknown): boolean {
  return (
    error instanceof Error && "code" in error && ["57014", "55P03"].includes(String(error.code))
  )
}

function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return AWAY_CODES.has(codeOf(error)) || (error.cause !== undefined && isDatabaseAway(error.cause))
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : ""
}
