import type { EnvelopeItem } from "./envelope.ts"
import { type Category, itemKind } from "./items.ts"
import { isJsonObject, parseJson } from "./json.ts"

export type Quantity = { category: Category; quantity: number }

type CountedItem = Pick<EnvelopeItem, "type" | "headers" | "payload">

/** Profiles of these are of a user interface and counted apart. */
const UI_PLATFORMS = new Set(["cocoa", "android", "javascript"])
/** The shortest entry of a list, `{}`, and its comma: a container cannot hold more than its bytes allow. */
const MIN_ENTRY_BYTES = 3
/** Larger lists of sessions count as one: no client sends them. */
const MAX_SESSIONS_BYTES = 256 * 1024
const SESSIONS_LIMITS = { maxDepth: 8, maxMembers: 20_000 }
/** Far from what a counter can hold, and more than any client gathers in the minute between two envelopes. */
const MAX_SESSIONS = 1_000_000

/**
 * What an item counts for, by category: attachments by the byte and by the piece, logs, spans and metrics by the entry,
 * aggregates by the session, everything else once. What a client claims is believed as far as its bytes could bear it out.
 */
export function quantitiesOf(item: CountedItem): Quantity[] {
  const { type, headers, payload } = item
  const { category } = itemKind(type)
  switch (category) {
    case "attachment":
      return attachmentQuantities(payload.length)
    case "log_item":
      return [
        { category, quantity: entriesOf(item) },
        ...atLeastOne({ category: "log_byte", quantity: payload.length }),
      ]
    case "span":
    case "trace_metric":
      return [{ category, quantity: entriesOf(item) }]
    case "session":
      return [{ category, quantity: type === "sessions" ? sessionsIn(payload) : 1 }]
    case "profile_chunk": {
      const isOfInterface = type === "profile_chunk_ui" || UI_PLATFORMS.has(`${headers.platform}`)
      return [{ category: isOfInterface ? "profile_chunk_ui" : category, quantity: 1 }]
    }
    default:
      return [{ category, quantity: 1 }]
  }
}

const IN_BYTES = new Set<string>(["attachment", "log_byte"])

/** The second count of items that are counted by the piece as well. */
export function isCountedInBytes(category: string): boolean {
  return IN_BYTES.has(category)
}

/** The same for an attachment that is known by its size alone. */
export function attachmentQuantities(bytes: number): Quantity[] {
  return [
    ...atLeastOne({ category: "attachment", quantity: bytes }),
    { category: "attachment_item", quantity: 1 },
  ]
}

const atLeastOne = (counted: Quantity): Quantity[] => (counted.quantity > 0 ? [counted] : [])

function entriesOf({ headers, payload }: CountedItem): number {
  const { item_count: claimed } = headers
  if (typeof claimed !== "number" || !(claimed >= 1)) return 1
  return Math.max(1, Math.min(Math.floor(claimed), Math.floor(payload.length / MIN_ENTRY_BYTES)))
}

const STATES = ["exited", "errored", "abnormal", "unhandled", "crashed"]

/** `{"aggregates":[{"started":…,"exited":8,"errored":1}]}` */
function sessionsIn(payload: Uint8Array): number {
  if (payload.length > MAX_SESSIONS_BYTES) return 1
  const parsed = parseJson(payload, SESSIONS_LIMITS)
  if (!("value" in parsed) || !isJsonObject(parsed.value)) return 1
  const { aggregates } = parsed.value
  if (!Array.isArray(aggregates)) return 1
  let sessions = 0
  for (const aggregate of aggregates.filter(isJsonObject)) {
    for (const state of STATES) {
      const count = aggregate[state]
      if (typeof count === "number" && count > 0) sessions += Math.min(count, MAX_SESSIONS)
    }
  }
  return Math.max(1, Math.min(Math.floor(sessions), MAX_SESSIONS))
}
