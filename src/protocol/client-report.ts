import { isJsonObject, parseJson } from "./json.ts"

/** What an SDK gave up by itself. Category and reason are of a closed list, so that clients cannot invent rows of a table. */
export type Discarded = { category: string; reason: string; quantity: number }

const MAX_BYTES = 100 * 1024
const MAX_ENTRIES = 500
/** More than any client loses between two reports, and far from what a counter can hold. */
const MAX_QUANTITY = 1_000_000
const JSON_LIMITS = { maxDepth: 8, maxMembers: 10_000 }

const REASONS = new Set([
  "queue_overflow",
  "cache_overflow",
  "buffer_overflow",
  "ratelimit_backoff",
  "network_error",
  "sample_rate",
  "before_send",
  "event_processor",
  "send_error",
  "internal_sdk_error",
  "insufficient_data",
  "backpressure",
  "ignored",
  "invalid",
  "no_parent_span",
])

const CATEGORIES = new Set([
  "error",
  "transaction",
  "security",
  "attachment",
  "session",
  "profile",
  "profile_chunk",
  "profile_chunk_ui",
  "replay",
  "monitor",
  "span",
  "feedback",
  "metric_bucket",
  "trace_metric",
  "log_item",
  "log_byte",
  "internal",
])

/** Spellings of SDKs that differ from those of rate-limit headers. */
const ALIASES: Record<string, string> = {
  default: "error",
  event: "error",
  user_report: "feedback",
  user_report_v2: "feedback",
  metric: "trace_metric",
}

/** Older SDKs and relays sort what they dropped into lists of their own. */
const LISTS = [
  "discarded_events",
  "rate_limited_events",
  "filtered_events",
  "filtered_sampling_events",
]

/**
 * Reads the payload of a `client_report` item; null when it is none. An entry that makes no sense is left out, its neighbours
 * count; reasons and categories nobody knows count as "other" and "unknown".
 */
export function readClientReport(payload: Uint8Array): Discarded[] | null {
  if (payload.length > MAX_BYTES) return null
  const parsed = parseJson(payload, JSON_LIMITS)
  if (!("value" in parsed) || !isJsonObject(parsed.value)) return null
  const report = parsed.value
  return LISTS.flatMap((list) => {
    const entries = report[list]
    return Array.isArray(entries) ? entries : []
  })
    .slice(0, MAX_ENTRIES)
    .flatMap((entry) => readEntry(entry) ?? [])
}

function readEntry(entry: unknown): Discarded | null {
  if (!isJsonObject(entry)) return null
  const { category, reason, quantity = 1 } = entry
  if (typeof category !== "string" || typeof reason !== "string") return null
  if (typeof quantity !== "number" || !(quantity >= 1)) return null
  return {
    category: categoryOf(category),
    reason: REASONS.has(reason) ? reason : "other",
    quantity: Math.min(Math.floor(quantity), MAX_QUANTITY),
  }
}

function categoryOf(name: string): string {
  const known = Object.hasOwn(ALIASES, name) ? (ALIASES[name] ?? name) : name
  return CATEGORIES.has(known) ? known : "unknown"
}
