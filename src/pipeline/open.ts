import type { IngestMessage } from "#messages.ts"
import { securityEvent } from "#normalize/reports/security-report.ts"
import { readClientReport } from "#protocol/client-report.ts"
import { decodeBody } from "#protocol/encoding.ts"
import { type Envelope, type EnvelopeItem, readEnvelope } from "#protocol/envelope.ts"
import { type Category, itemKind, unsupportedReason } from "#protocol/items.ts"
import { isInexact, isJsonObject, parseExactly, parseJson } from "#protocol/json.ts"
import { type Quantity, quantitiesOf } from "#protocol/quantities.ts"
import { maxStoreBodyBytes, storeJson } from "#protocol/store-body.ts"

export type OpenLimits = {
  maxEventBytes: number
  maxEnvelopeBytes: number
  maxEnvelopeItems: number
  maxJsonDepth: number
  maxJsonKeys: number
}

/** How some items of a message ended, or are about to. */
export type Ending = {
  category: string
  outcome: string
  reason: string
  quantity: number
  /** In words, for whoever looks for the item; nothing of the item itself. */
  cause?: string
}

export type Verdict = Pick<Ending, "outcome" | "reason">

export function endedAs(quantities: readonly Quantity[], { outcome, reason }: Verdict): Ending[] {
  return quantities.map((each) => ({ ...each, outcome, reason }))
}

export type RawEvent = {
  category: Category
  json: Record<string, unknown>
  sentAt: Date | null
  /** `sdk` and `trace` of the envelope's header, as they came. */
  sdk: unknown
  trace: unknown
}

/** What a message holds: an event, if there is one that can be stored, what came with it, and how everything else ends. */
export type Contents = {
  event: RawEvent | null
  /** Attachments, user reports and feedback; null, as nearly always, when there are none. */
  companions: EnvelopeItem[] | null
  /** How the event ended that should have been there: what came with it goes the same way. */
  fault: Verdict | null
  endings: Ending[]
}

/** Unpacks a message. Web has looked at it before, so a fault here means bytes that changed since or a newer limit. */
export function openMessage(message: IngestMessage, limits: OpenLimits): Contents {
  const maxBytes =
    message.kind === "store" ? maxStoreBodyBytes(limits.maxEventBytes) : limits.maxEnvelopeBytes
  const decoded = decodeBody(message.body, message.encoding, maxBytes)
  if ("fault" in decoded) {
    return broken(decoded.fault === "too_large" ? "too_large" : "invalid_compression")
  }
  return message.kind === "store"
    ? openStore(decoded.bytes, limits)
    : openEnvelope(decoded.bytes, limits, message)
}

function openStore(bytes: Uint8Array, limits: OpenLimits): Contents {
  const json = storeJson(bytes, limits.maxEventBytes)
  if ("fault" in json) return broken(json.fault === "too_large" ? "too_large" : "invalid_json")
  const event = parseEvent(json.bytes, limits)
  if (!event) return broken("invalid_json")
  const source = { sentAt: null, sdk: undefined, trace: undefined }
  const raw: RawEvent = { category: "error", json: event, ...source }
  return { event: raw, companions: null, fault: null, endings: [] }
}

/** What the line keeps besides events. */
const COMPANIONS = new Set(["attachment", "user_report", "feedback", "userreportv2"])

function openEnvelope(bytes: Uint8Array, limits: OpenLimits, message: IngestMessage): Contents {
  const envelope = readEnvelope(bytes, limits.maxEnvelopeItems)
  if ("fault" in envelope) return broken("invalid_envelope")
  const contents: Contents = { event: null, companions: null, fault: null, endings: [] }
  for (const item of envelope.items) {
    if (COMPANIONS.has(item.type)) {
      contents.companions ??= []
      contents.companions.push(item)
      continue
    }
    const opened = openItem(item, contents.event !== null, { envelope, limits, message })
    if (Array.isArray(opened)) {
      contents.endings.push(...opened)
      if (itemKind(item.type).isEvent) contents.fault ??= opened[0] ?? null
    } else contents.event = opened
  }
  return contents
}

type Opening = { envelope: Envelope; limits: OpenLimits; message: IngestMessage }

/** The event that an item holds, or how the item ended. */
function openItem(
  item: EnvelopeItem,
  hasEvent: boolean,
  { envelope, limits, message }: Opening,
): RawEvent | Ending[] {
  const { type, headers, payload } = item
  const { category } = itemKind(type)
  const end = (outcome: string, reason: string) => endedAs(quantitiesOf(item), { outcome, reason })
  if (type === "client_report") return reported(payload)
  if (type !== "event" && type !== "raw_security")
    return end("unsupported", unsupportedReason(type))
  if (hasEvent) return end("invalid", "duplicate_item")

  const parsed = parseEvent(payload, limits)
  const json = parsed && type === "raw_security" ? reportedBy(message, headers, parsed) : parsed
  if (json === null) return end("invalid", "invalid_json")
  if (typeof json === "string") return end("invalid", json)
  const { sdk, trace } = envelope.headers
  return { category, json, sentAt: envelope.sentAt, sdk, trace }
}

/** The event of a browser's report, or the reason why there is none. */
function reportedBy(
  { userAgent }: IngestMessage,
  headers: Record<string, unknown>,
  report: Record<string, unknown>,
): Record<string, unknown> | string {
  const { sentry_release: release, sentry_environment: environment } = headers
  const event = securityEvent(report, { release, environment, userAgent })
  return "fault" in event && typeof event.fault === "string" ? event.fault : event
}

/** What the SDK says it dropped itself, and the report, which is an item like any other. */
function reported(payload: Uint8Array): Ending[] {
  const report = { category: itemKind("client_report").category, quantity: 1 }
  const discarded = readClientReport(payload)
  if (!discarded) return [{ ...report, outcome: "invalid", reason: "payload" }]
  return [
    { ...report, outcome: "accepted", reason: "" },
    ...discarded.map((each) => ({ ...each, outcome: "client_discard" })),
  ]
}

/** One event that nobody could make out. */
function broken(reason: string): Contents {
  const ending = { category: "error", outcome: "invalid", reason, quantity: 1 }
  return { event: null, companions: null, fault: ending, endings: [ending] }
}

function parseEvent(bytes: Uint8Array, limits: OpenLimits): Record<string, unknown> | null {
  const parsed = parseJson(bytes, { maxDepth: limits.maxJsonDepth, maxMembers: limits.maxJsonKeys })
  if (!("value" in parsed) || !isJsonObject(parsed.value)) return null
  const { user } = parsed.value
  if (!isJsonObject(user) || !isInexact(user.id)) return parsed.value
  const exact = parseExactly(bytes)
  return isJsonObject(exact) ? exact : parsed.value
}
