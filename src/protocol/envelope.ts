import { type Dsn, parseDsn } from "./dsn.ts"
import { parseEventId } from "./event-id.ts"
import {
  byteOrderMarkBytes,
  endOfObject,
  isJsonObject,
  measureJson,
  OPEN_BRACE,
  skipBlanks,
} from "./json.ts"

export type EnvelopeItem = {
  type: string
  headers: Record<string, unknown>
  /** A view on the envelope's bytes. */
  payload: Uint8Array
  /** Where the item stands in the envelope's bytes, header included, the line feed behind it not. */
  start: number
  end: number
}

export type Envelope = {
  /** Null when the envelope names none. */
  eventId: string | null
  dsn: Dsn | null
  sentAt: Date | null
  headers: Record<string, unknown>
  /** Where its own header ends in the bytes, the line feed behind it not included. */
  headerEnd: number
  items: EnvelopeItem[]
}

/** In the words clients find in the answer's `causes`. */
export type EnvelopeFault =
  | "missing envelope header"
  | "invalid envelope header"
  | "invalid item header"
  | "missing newline after header or payload"
  | "unexpected end of file"
  | "too many items"

const LINE_FEED = 0x0a
const LINE_FEED_BYTES = Uint8Array.of(LINE_FEED)
/** Real ones stay below 10 KB; every byte of it is scanned and parsed. */
const MAX_HEADER_BYTES = 128 * 1024
const HEADER_LIMITS = { maxDepth: 32, maxMembers: 10_000 }
const MAX_U32 = 4_294_967_295

const decoder = new TextDecoder()

/**
 * Cuts an envelope into its items without copying a byte. `length` counts bytes and is exact; without one a payload runs to
 * the next line feed. Blank lines between and behind items are tolerated. Never throws.
 */
export function readEnvelope(
  bytes: Uint8Array,
  maxItems: number,
): Envelope | { fault: EnvelopeFault } {
  const first = readHeader(bytes, byteOrderMarkBytes(bytes))
  if (first === "none") return { fault: "missing envelope header" }
  if (first === "broken") return { fault: "invalid envelope header" }
  const envelope = envelopeOf(first)
  if (!envelope) return { fault: "invalid envelope header" }
  if (!endsLine(bytes, first.end)) return { fault: "missing newline after header or payload" }

  let offset = first.end + 1
  while (offset < bytes.length) {
    const item = readItem(bytes, offset)
    if (item === null) break
    if (typeof item === "string") return { fault: item }
    if (envelope.items.length === maxItems) return { fault: "too many items" }
    envelope.items.push(item)
    offset = item.end + 1
  }
  return envelope
}

/** The same envelope with only the given ones of its items, as new bytes. */
export function envelopeWith(
  bytes: Uint8Array,
  envelope: Envelope,
  items: readonly EnvelopeItem[],
): Uint8Array {
  const parts = [bytes.subarray(0, envelope.headerEnd)]
  for (const item of items) parts.push(LINE_FEED_BYTES, bytes.subarray(item.start, item.end))
  return Buffer.concat(parts)
}

/** Null when nothing but blanks is left. */
function readItem(bytes: Uint8Array, offset: number): EnvelopeItem | EnvelopeFault | null {
  const header = readHeader(bytes, offset)
  if (header === "none") return null
  if (header === "broken") return "invalid item header"
  const { type, length } = header.headers
  if (typeof type !== "string" || !isLength(length)) return "invalid item header"
  if (!endsLine(bytes, header.end)) return "missing newline after header or payload"

  const start = Math.min(header.end + 1, bytes.length)
  const end = typeof length === "number" ? start + length : lineEnd(bytes, start)
  if (end > bytes.length) return "unexpected end of file"
  if (!endsLine(bytes, end)) return "missing newline after header or payload"
  return { type, headers: header.headers, payload: bytes.subarray(start, end), start: offset, end }
}

type Header = { headers: Record<string, unknown>; end: number }

/** A header is one JSON object; only blanks may stand between its closing brace and the line feed. */
function readHeader(bytes: Uint8Array, offset: number): Header | "none" | "broken" {
  const start = skipBlanks(bytes, offset)
  if (start >= bytes.length) return "none"
  if (bytes[start] !== OPEN_BRACE) return "broken"
  const end = endOfObject(bytes, start, MAX_HEADER_BYTES)
  if (end === -1) return "broken"
  const text = bytes.subarray(start, end)
  if (measureJson(text, HEADER_LIMITS)) return "broken"
  try {
    const headers: unknown = JSON.parse(decoder.decode(text))
    return isJsonObject(headers) ? { headers, end: skipBlanksOfLine(bytes, end) } : "broken"
  } catch {
    return "broken"
  }
}

/** Null when a header that must be readable is not: an id, a DSN or a time that only looks like one. */
function envelopeOf({ headers, end }: Header): Envelope | null {
  const eventId = optional(headers.event_id, parseEventId)
  const dsn = optional(headers.dsn, (value) => (typeof value === "string" ? parseDsn(value) : null))
  const sentAt = optional(headers.sent_at, parseTime)
  if (eventId === undefined || dsn === undefined || sentAt === undefined) return null
  return { eventId, dsn, sentAt, headers, headerEnd: end, items: [] }
}

/** Null for what is absent, undefined for what is there but wrong. */
function optional<T>(value: unknown, read: (value: unknown) => T | null): T | null | undefined {
  if (value === undefined || value === null) return null
  return read(value) ?? undefined
}

const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,12})?(?:[Zz]|[+-]\d\d:?\d\d)?$/
const HAS_ZONE = /(?:[Zz]|[+-]\d\d:?\d\d)$/

function parseTime(value: unknown): Date | null {
  if (typeof value !== "string" || !RFC_3339.test(value)) return null
  // Dates hold milliseconds; some parsers refuse more digits than they know.
  const text = value.replace(/(\.\d{3})\d+/, "$1")
  const at = new Date(HAS_ZONE.test(text) ? text : `${text}Z`)
  return Number.isNaN(at.getTime()) ? null : at
}

function isLength(value: unknown): value is number | null | undefined {
  if (value === undefined || value === null) return true
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= MAX_U32
}

/** Clients that end lines with CR LF leave the CR to the header. */
function skipBlanksOfLine(bytes: Uint8Array, start: number): number {
  let at = start
  while (bytes[at] === 0x0d || bytes[at] === 0x20 || bytes[at] === 0x09) at++
  return at
}

function endsLine(bytes: Uint8Array, at: number): boolean {
  return at >= bytes.length || bytes[at] === LINE_FEED
}

function lineEnd(bytes: Uint8Array, start: number): number {
  const at = bytes.indexOf(LINE_FEED, start)
  return at === -1 ? bytes.length : at
}
