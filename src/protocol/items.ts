/** Names as in rate-limit headers and client reports. */
export type Category =
  | "error"
  | "transaction"
  | "security"
  | "attachment"
  | "attachment_item"
  | "session"
  | "profile"
  | "profile_chunk"
  | "profile_chunk_ui"
  | "replay"
  | "monitor"
  | "span"
  | "feedback"
  | "metric_bucket"
  | "trace_metric"
  | "log_item"
  | "log_byte"
  | "internal"
  | "unknown"

export type ItemKind = {
  category: Category
  /** Of one envelope: only the first of these counts, as each would be an event of the same id. */
  isEvent: boolean
  /** Falls with the event that it belongs to. */
  needsEvent: boolean
  /** Its envelope is given an id when it has none. */
  needsId: boolean
}

const plain = { isEvent: false, needsEvent: false, needsId: false }
const event = { isEvent: true, needsEvent: false, needsId: true }
const companion = { isEvent: false, needsEvent: true, needsId: true }
/** Stands for itself, but under the envelope's id. */
const named = { ...plain, needsId: true }

/** Every item type that clients send. A type that is not here is skipped, never refused. */
const kinds: Record<string, ItemKind> = {
  event: { ...event, category: "error" },
  transaction: { ...event, category: "transaction" },
  security: { ...event, category: "security" },
  raw_security: { ...event, category: "security" },
  nel: { ...event, category: "error" },
  feedback: { ...event, category: "feedback" },
  userreportv2: { ...event, category: "feedback" },

  attachment: { ...companion, category: "attachment" },
  form_data: { ...companion, category: "attachment" },
  user_report: { ...companion, category: "feedback" },
  profile: { ...companion, category: "profile" },

  unreal_report: { ...named, category: "error" },
  session: { ...plain, category: "session" },
  sessions: { ...plain, category: "session" },
  profile_chunk: { ...plain, category: "profile_chunk" },
  profile_chunk_ui: { ...plain, category: "profile_chunk" },
  replay_event: { ...named, category: "replay" },
  replay_recording: { ...plain, category: "replay" },
  replay_video: { ...plain, category: "replay" },
  check_in: { ...plain, category: "monitor" },
  log: { ...plain, category: "log_item" },
  otel_log: { ...plain, category: "log_item" },
  span: { ...plain, category: "span" },
  otel_span: { ...plain, category: "span" },
  statsd: { ...plain, category: "metric_bucket" },
  metric_buckets: { ...plain, category: "metric_bucket" },
  metric_meta: { ...plain, category: "metric_bucket" },
  trace_metric: { ...plain, category: "trace_metric" },
  client_report: { ...plain, category: "internal" },
  integration: { ...plain, category: "internal" },
}

const unknownKind: ItemKind = { ...plain, category: "unknown" }

export function itemKind(type: string): ItemKind {
  return Object.hasOwn(kinds, type) ? (kinds[type] ?? unknownKind) : unknownKind
}

/**
 * The reason for the outcome of an item that nothing here reads. Types that nobody knows share one: clients must not be able to
 * invent rows of a table.
 */
export function unsupportedReason(type: string): string {
  return itemKind(type).category === "unknown" ? "unknown_item" : type
}
