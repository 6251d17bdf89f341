import type { KeyAccess } from "#projects/key-access-store.ts"

/** Why something is not taken in; web knows which status and words belong to each. */
export type RefusalReason =
  | "missing_credentials"
  | "several_keys"
  | "no_public_key"
  | "bad_version"
  | "unsupported_version"
  | "bad_envelope_credentials"
  | "invalid_key"
  | "invalid_project"
  | "unknown_key"
  | "cors"
  | "header_mismatch"
  | "empty_body"
  | "broken_body"
  | "unsupported_encoding"
  | "invalid_json"
  | "invalid_envelope"
  | "invalid_multipart"
  | "missing_minidump"
  | "invalid_minidump"
  | "invalid_event_id"
  | "invalid_check_in"
  | "unsupported_media_type"
  | "too_large"
  | "rate_limited"

/** Tells a client when to come back, and with what. */
export type RateLimit = {
  retryAfterSeconds: number
  /** Empty: all of them. */
  categories: readonly string[]
  scope: "organization" | "project" | "key"
  reason: string
}

export type Refusal = {
  accepted: false
  reason: RefusalReason
  /** The detail below the reason, when there is one. */
  cause?: string
  /** Whom it concerns, when the key is good and something else is not. */
  access?: KeyAccess
  /** Of `rate_limited` only. */
  limits?: readonly RateLimit[]
}

export type Acceptance = {
  accepted: true
  /** Null when nothing in the request has an id. */
  eventId: string | null
  /** Why parts were refused for want of room. */
  limits: readonly RateLimit[]
}

export type Answer = Acceptance | Refusal

export function refuse(reason: RefusalReason, cause?: string): Refusal {
  return { accepted: false, reason, ...(cause === undefined ? {} : { cause }) }
}

export function refuseFor(...limits: readonly RateLimit[]): Refusal {
  return { accepted: false, reason: "rate_limited", limits }
}

export function isRefusal(value: object): value is Refusal {
  return "accepted" in value && value.accepted === false
}
