import { FILTERS } from "#normalize/filters/catalogue.ts"
import { unsupportedReason } from "#protocol/items.ts"

/** Outcomes, categories and reasons as people call them, and which switch causes each. */

const outcomes: Record<string, string> = {
  accepted: "Accepted",
  filtered: "Filtered",
  rate_limited: "Rate-limited",
  invalid: "Invalid",
  discarded: "Discarded",
  unsupported: "Not supported",
  dead_lettered: "Could not be processed",
  client_discard: "Dropped by the SDK",
}

export const outcomeWord = (outcome: string): string => outcomes[outcome] ?? readable(outcome)

const categories: Record<string, string> = {
  error: "Errors",
  transaction: "Transactions",
  security: "Security reports",
  attachment: "Attachments, by size",
  attachment_item: "Attachments",
  session: "Sessions",
  feedback: "User feedback",
  monitor: "Check-ins",
  log_item: "Logs",
  log_byte: "Logs, by size",
  span: "Spans",
  profile: "Profiles",
  profile_chunk: "Profile chunks",
  profile_chunk_ui: "Profile chunks of user interfaces",
  replay: "Replays",
  metric_bucket: "Metrics, old kind",
  trace_metric: "Metrics",
  internal: "Reports of SDKs",
  unknown: "Unknown",
}

/** In the order in which people ask for them. */
export const CATEGORIES = Object.keys(categories)

export const categoryWord = (category: string): string => categories[category] ?? readable(category)

export type ReasonSwitch = "keys" | "project-limits" | "organization-limits" | "filters" | "general"

type Reason = {
  words: string
  /** The page whose setting causes it. */
  switch?: ReasonSwitch
  /** What to do when no page of settings is to blame. */
  hint?: string
}

const SPOOL_HINT = "The server's disk was full. Its operator sees it on the status page."
const INSTANCE_HINT =
  "Set by the operator of this server (system.rate-limit, quota.instance-default)."
const ABUSE_HINT = "Set by the operator of this server"

const reasons: Record<string, Record<string, Reason>> = {
  rate_limited: {
    key_quota: { words: "Over the limit of the key", switch: "keys" },
    project_quota: { words: "Over the limit of the project", switch: "project-limits" },
    organization_quota: {
      words: "Over the limit of the organization",
      switch: "organization-limits",
    },
    instance_quota: { words: "Over the limit of the whole installation", hint: INSTANCE_HINT },
    project_abuse_limit: {
      words: "Over the project's limit against abuse",
      hint: `${ABUSE_HINT} (project-abuse-quota).`,
    },
    org_abuse_limit: {
      words: "Over the organization's limit against abuse",
      hint: `${ABUSE_HINT} (organization-abuse-quota).`,
    },
    spool_full: { words: "No room on the server's disk", hint: SPOOL_HINT },
    unverified: { words: "Too many while the database was away" },
    too_many_large_bodies: {
      words: "Too many large bodies at once",
      hint: "The program should send fewer large attachments at the same time.",
    },
  },
  invalid: {
    duplicate: { words: "Sent before: the same event id is stored", hint: "Nothing is lost." },
    duplicate_item: { words: "A second event in one envelope" },
    too_large: {
      words: "Too large",
      hint: "The server takes events up to ingest.max-event-bytes, attachments up to ingest.max-attachment-bytes.",
    },
    invalid_json: { words: "Not valid JSON" },
    invalid_envelope: { words: "An envelope that cannot be read" },
    invalid_compression: { words: "Compressed in a way that cannot be unpacked" },
    invalid_multipart: { words: "A form that cannot be read" },
    no_data: { words: "An empty body" },
    cors: { words: "Sent from a website that is not allowed", switch: "general" },
    multi_project_id: { words: "An envelope made for another key or project" },
    project_id: { words: "For a project that does not exist" },
    payload: { words: "Contents that make no sense" },
    conflict: { words: "A second report about the same event, or one that came too late" },
    security_report: { words: "A security report that cannot be read" },
    content_type: { words: "A content type that is not taken" },
    missing_minidump: { words: "A crash report without its minidump" },
    invalid_minidump: { words: "Not a minidump" },
    invalid_check_in: { words: "A check-in that makes no sense" },
    invalid_event_id: { words: "Files for an event id that is none" },
  },
  discarded: {
    "discarded-hash": { words: "Of an issue that was deleted and is discarded since" },
    blob_store: { words: "The server could not store the file", hint: SPOOL_HINT },
  },
  unsupported: {
    unknown_item: { words: "A kind of item that nobody knows" },
    nel: { words: "Network error reports are counted, not stored" },
  },
  client_discard: {
    queue_overflow: { words: "Its queue was full" },
    cache_overflow: { words: "Its cache was full" },
    buffer_overflow: { words: "Its buffer was full" },
    ratelimit_backoff: { words: "It kept back because of a rate limit of this server" },
    network_error: { words: "This server could not be reached" },
    sample_rate: { words: "By the sample rate in the program" },
    before_send: { words: "By before_send in the program" },
    event_processor: { words: "By an event processor in the program" },
    send_error: { words: "This server refused it" },
    internal_sdk_error: { words: "An error in the SDK" },
    insufficient_data: { words: "There was too little to send" },
    backpressure: { words: "The program was too busy" },
    ignored: { words: "By a list of things to ignore in the program" },
    invalid: { words: "It was invalid" },
    no_parent_span: { words: "It had no parent span" },
    other: { words: "Another reason" },
  },
}

/** A reason that has no words here shows as it is: it is better than nothing, and the newest have none. */
export function reasonOf(outcome: string, reason: string): Reason {
  const known = reasons[outcome]?.[reason]
  if (known) return known
  if (outcome === "accepted") return { words: "Stored" }
  if (outcome === "filtered") {
    const filter = FILTERS.find(({ id }) => id === reason)?.label ?? readable(reason)
    return { words: `By the filter “${filter}”`, switch: "filters" }
  }
  if (outcome === "unsupported" && reason === unsupportedReason(reason)) {
    return { words: `Items of the kind “${reason}” are not read here` }
  }
  return { words: reason === "" ? "" : readable(reason) }
}

/** `release_health` as "Release health". */
function readable(name: string): string {
  const words = name.replace(/[_-]/g, " ").slice(0, 100)
  return words.charAt(0).toUpperCase() + words.slice(1)
}
