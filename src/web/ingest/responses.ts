import type { Acceptance, RateLimit, Refusal, RefusalReason } from "#ingest/refusal.ts"
import { corsHeaders, preflightHeaders } from "./cors.ts"

/** Status and words of each refusal; clients log the words, some compare them. */
const answers: Record<RefusalReason, [status: number, detail: string]> = {
  missing_credentials: [401, "missing authorization information"],
  several_keys: [401, "multiple authorization payloads detected"],
  no_public_key: [401, "bad x-sentry-auth header"],
  bad_version: [401, "bad x-sentry-auth header"],
  unsupported_version: [400, "unsupported protocol version"],
  bad_envelope_credentials: [401, "bad envelope authentication header"],
  invalid_key: [400, "bad sentry DSN public key"],
  invalid_project: [400, "bad project path parameter"],
  unknown_key: [403, "event submission rejected with_reason: ProjectId"],
  cors: [403, "event submission rejected with_reason: Cors"],
  header_mismatch: [400, "invalid event envelope"],
  empty_body: [400, "empty request body"],
  broken_body: [400, "failed to read request body"],
  unsupported_encoding: [415, "unsupported content encoding"],
  invalid_json: [400, "invalid JSON data"],
  invalid_envelope: [400, "invalid event envelope"],
  invalid_multipart: [400, "invalid multipart data"],
  missing_minidump: [400, "missing minidump"],
  invalid_minidump: [400, "invalid minidump"],
  invalid_event_id: [400, "invalid event id"],
  invalid_check_in: [400, "invalid check-in"],
  unsupported_media_type: [415, "unsupported content type"],
  too_large: [413, "request body exceeds the size limit"],
  rate_limited: [429, "event rejected due to rate limit"],
}

const causes: Partial<Record<RefusalReason, string>> = {
  no_public_key: "missing public key in auth header",
  bad_version: "invalid value for version",
}

const jsonHeaders = { ...corsHeaders, "Content-Type": "application/json" }

/** The smallest transparent picture: clients without CORS send by loading an image, and only an image is success to them. */
const PIXEL = Buffer.from("4749463839610100010000ff002c00000000010001000002003b", "hex")

export function acceptedResponse({ eventId, limits }: Acceptance): Response {
  const body = eventId === null ? "{}" : `{"id":"${eventId}"}`
  const headers = limits.length > 0 ? { ...jsonHeaders, ...rateLimitHeaders(limits) } : jsonHeaders
  return new Response(body, { headers })
}

export function pixelResponse(): Response {
  return new Response(PIXEL, { headers: { ...corsHeaders, "Content-Type": "image/gif" } })
}

/** Browsers that report want no answer. */
export function emptyResponse({ limits }: Acceptance): Response {
  return new Response(null, { headers: { ...corsHeaders, ...rateLimitHeaders(limits) } })
}

/** Crash reporters print what they are answered: an id with dashes. */
export function dashedIdResponse(eventId: string): Response {
  const dashed = eventId.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")
  return new Response(dashed, { headers: { ...corsHeaders, "Content-Type": "text/plain" } })
}

/** An answer without a body, of a success that is not 200. */
export function doneResponse(status: 201 | 202): Response {
  return new Response(null, { status, headers: corsHeaders })
}

export function refusedResponse(refusal: Refusal): Response {
  const [status, detail] = answers[refusal.reason]
  const headers = rateLimitHeaders(refusal.limits ?? [])
  return errorResponse(status, detail, refusal.cause ?? causes[refusal.reason], headers)
}

export function preflightResponse(): Response {
  return new Response(null, { headers: preflightHeaders })
}

export function methodNotAllowedResponse(allowed: string): Response {
  return errorResponse(405, "method not allowed", undefined, { Allow: allowed })
}

export function brokenResponse(): Response {
  return errorResponse(500, "internal error", undefined, {})
}

function errorResponse(
  status: number,
  detail: string,
  cause: string | undefined,
  headers: Record<string, string>,
): Response {
  return Response.json(cause === undefined ? { detail } : { detail, causes: [cause] }, {
    status,
    headers: { ...corsHeaders, "X-Sentry-Error": detail, ...headers },
  })
}

/** `60:error;default:key:key_quota, 30:session:project:project_quota`; no category means all of them. */
function rateLimitHeaders(limits: readonly RateLimit[]): Record<string, string> {
  if (limits.length === 0) return {}
  return {
    "Retry-After": String(Math.max(...limits.map((limit) => limit.retryAfterSeconds))),
    "X-Sentry-Rate-Limits": limits
      .map(
        ({ retryAfterSeconds, categories, scope, reason }) =>
          `${retryAfterSeconds}:${categories.join(";")}:${scope}:${reason}`,
      )
      .join(", "),
  }
}
