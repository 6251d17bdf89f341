import type { DroppedItem } from "#messages.ts"
import type { Dsn } from "#protocol/dsn.ts"
import { type EnvelopeItem, envelopeWith, readEnvelope } from "#protocol/envelope.ts"
import { type ItemToWrite, writeEnvelope } from "#protocol/envelope-writer.ts"
import { type Category, type ItemKind, itemKind, unsupportedReason } from "#protocol/items.ts"
import { type Quantity, quantitiesOf } from "#protocol/quantities.ts"
import { maxStoreBodyBytes, storeJson } from "#protocol/store-body.ts"
import type { HeavyLane } from "./heavy-lane.ts"
import { LIGHT_BYTES, openBody } from "./open-body.ts"
import { isRefusal, type Refusal, refuse } from "./refusal.ts"

export type ParcelLimits = {
  maxEventBytes: number
  maxEnvelopeBytes: number
  maxEnvelopeItems: number
  maxAttachmentBytes: number
}

export type ParcelItem = {
  kind: ItemKind
  payload: Uint8Array
  /** Null in a store body. */
  source: Pick<EnvelopeItem, "type" | "headers" | "payload"> | null
}

/** A request's body, opened: what is in it, what of it is kept, and how to send the rest on. */
export type Parcel = {
  /** As the envelope's header has them; a store body has neither. */
  eventId: string | null
  dsn: Dsn | null
  items: ParcelItem[]
  dropped: DroppedItem[]
  /** The event that was dropped, for whoever asks what became of it. */
  lostEvent?: Uint8Array
  /** The body for the worker: the one that came, or an envelope without what was dropped and what travels otherwise. */
  pack(parked?: readonly ParcelItem[]): { body: Uint8Array; encoding: string[] }
}

/** Larger items than this are not carried through the queue unless they are events: they would crowd out what somebody waits for. */
const MAX_CARRIED_BYTES = 64 * 1024

export async function openParcel(
  request: { kind: "store" | "envelope"; contentEncoding: string | null; body: Uint8Array },
  limits: ParcelLimits,
  heavyLane: HeavyLane,
): Promise<Parcel | Refusal> {
  const isStore = request.kind === "store"
  const maxBytes = isStore ? maxStoreBodyBytes(limits.maxEventBytes) : limits.maxEnvelopeBytes
  const opened = await openBody(request, maxBytes, heavyLane)
  if (isRefusal(opened)) return opened
  const wire = { body: request.body, encoding: opened.encoding }
  return isStore ? openStore(opened.bytes, wire, limits) : openEnvelope(opened.bytes, wire, limits)
}

type Wire = { body: Uint8Array; encoding: string[] }

function openStore(bytes: Uint8Array, wire: Wire, limits: ParcelLimits): Parcel | Refusal {
  const json = storeJson(bytes, limits.maxEventBytes)
  if ("fault" in json) return refuse(json.fault === "too_large" ? "too_large" : "invalid_json")
  const item = { kind: itemKind("event"), payload: json.bytes, source: null }
  return { eventId: null, dsn: null, items: [item], dropped: [], pack: () => wire }
}

function openEnvelope(bytes: Uint8Array, wire: Wire, limits: ParcelLimits): Parcel | Refusal {
  const envelope = readEnvelope(bytes, limits.maxEnvelopeItems)
  if ("fault" in envelope) return refuse("invalid_envelope", envelope.fault)
  const parcel: Parcel = {
    eventId: envelope.eventId,
    dsn: envelope.dsn,
    items: envelope.items.map((source) => ({
      kind: itemKind(source.type),
      payload: source.payload,
      source,
    })),
    dropped: [],
    pack(parked = []) {
      const isWhole = parcel.items.length === envelope.items.length && parked.length === 0
      // A few KB may be 100 MB of blanks between the items; unpacking that once is enough.
      if (isWhole && bytes.length <= LIGHT_BYTES) return wire
      const carried = parcel.items.filter((item) => !parked.includes(item))
      const kept = new Set(carried.map(({ source }) => source))
      const items = envelope.items.filter((item) => kept.has(item))
      return { body: envelopeWith(bytes, envelope, items), encoding: [] }
    },
  }
  dropWhatCannotTravel(parcel, limits)
  return parcel
}

/** A parcel that was no envelope on its way here, as if it had been one. */
export function composeParcel(
  eventId: string | null,
  items: readonly ItemToWrite[],
  limits: ParcelLimits,
): Parcel {
  const parcel: Parcel = {
    eventId,
    dsn: null,
    items: items.map((source) => ({
      kind: itemKind(source.type),
      payload: source.payload,
      source,
    })),
    dropped: [],
    pack(parked = []) {
      const carried = parcel.items.filter((item) => !parked.includes(item))
      const written = carried.flatMap(({ source }) => source ?? [])
      const header = eventId === null ? {} : { event_id: eventId }
      return { body: writeEnvelope(header, written), encoding: [] }
    },
  }
  dropWhatCannotTravel(parcel, limits)
  return parcel
}

/**
 * One envelope carries one event, an error rather than anything else. The others, and what is too big, stay behind with an
 * outcome; their neighbours travel on.
 */
function dropWhatCannotTravel(parcel: Parcel, limits: ParcelLimits) {
  const events = parcel.items.filter((item) => item.kind.isEvent)
  const event =
    events.find((item) => item.source?.type === "event") ??
    events.find((item) => item.kind.category === "error") ??
    events[0]
  drop(parcel, (item) => item.kind.isEvent && item !== event, "invalid", "duplicate_item")
  if (event && event.payload.length > limits.maxEventBytes) {
    dropEvent(parcel, "invalid", "too_large")
  }
  if (parcel.items.some(isHeavy)) dropHeavy(parcel, limits)
}

const isHeavy = (item: ParcelItem) =>
  !item.kind.isEvent && item.payload.length > MAX_CARRIED_BYTES && !isPartOfEvent(item)

/** What a dying process left of its event: the worker reads it, so it travels like one. */
const PARTS_OF_EVENTS = new Set<unknown>(["event.payload", "event.breadcrumbs"])
const MAX_PART_BYTES = 1024 * 1024

const isPartOfEvent = ({ payload, source }: ParcelItem) =>
  payload.length <= MAX_PART_BYTES && PARTS_OF_EVENTS.has(source?.headers.attachment_type)

/** It travels by way of the blob store. */
export function isLargeAttachment(
  item: ParcelItem,
): item is ParcelItem & { source: NonNullable<ParcelItem["source"]> } {
  return isHeavy(item) && item.source?.type === "attachment"
}

/** Of these the worker makes an event when there is none beside them. */
const CRASH_FILES = new Set<unknown>([
  "event.minidump",
  "event.applecrashreport",
  ...PARTS_OF_EVENTS,
])

export function isCrashFile({ source }: ParcelItem): boolean {
  return source?.type === "attachment" && CRASH_FILES.has(source.headers.attachment_type)
}

/** Of what in it becomes an event and takes an event's room; null: nothing does. */
export function eventCategoryOf(parcel: Parcel): Category | null {
  const event = parcel.items.find(({ kind }) => kind.isEvent)
  if (event) return event.kind.category
  return parcel.items.some(isCrashFile) ? "error" : null
}

/** Types that the worker reads, and that are never so large when a client means it. */
const SMALL_TYPES = new Set(["user_report", "client_report"])

/** Attachments are parked elsewhere; of the others the worker has nothing to do with what is so large. */
function dropHeavy(parcel: Parcel, { maxAttachmentBytes }: ParcelLimits) {
  const isTooHeavy = (item: ParcelItem) =>
    isHeavy(item) && !(isLargeAttachment(item) && item.payload.length <= maxAttachmentBytes)
  dropItems(parcel, isTooHeavy, ({ source }) => {
    const type = source?.type ?? ""
    const isTooLarge = type === "attachment" || SMALL_TYPES.has(type)
    return isTooLarge
      ? { outcome: "invalid", reason: "too_large" }
      : { outcome: "unsupported", reason: unsupportedReason(type) }
  })
}

/** Takes the event out, and all that has no meaning without it. */
export function dropEvent(parcel: Parcel, outcome: string, reason: string) {
  drop(parcel, (item) => item.kind.isEvent || item.kind.needsEvent, outcome, reason)
}

export function dropAll(parcel: Parcel, outcome: string, reason: string) {
  drop(parcel, () => true, outcome, reason)
}

function drop(
  parcel: Parcel,
  falls: (item: ParcelItem) => boolean,
  outcome: string,
  reason: string,
) {
  dropItems(parcel, falls, () => ({ outcome, reason }))
}

/** Takes items out of a parcel and notes how each ends, summed up. */
export function dropItems(
  parcel: Parcel,
  falls: (item: ParcelItem) => boolean,
  endOf: (item: ParcelItem) => Pick<DroppedItem, "outcome" | "reason">,
) {
  const { fallen = [], kept = [] } = Object.groupBy(parcel.items, (item) =>
    falls(item) ? "fallen" : "kept",
  )
  if (fallen.length === 0) return
  parcel.items = kept
  for (const item of fallen) {
    if (item.kind.isEvent) parcel.lostEvent ??= item.payload
    const end = endOf(item)
    for (const { category, quantity } of countOf(item)) {
      add(parcel.dropped, { ...end, category, quantity })
    }
  }
}

export function countOf({ source, kind }: ParcelItem): Quantity[] {
  return source ? quantitiesOf(source) : [{ category: kind.category, quantity: 1 }]
}

function add(dropped: DroppedItem[], item: DroppedItem) {
  const same = dropped.find(
    ({ category, outcome, reason }) =>
      category === item.category && outcome === item.outcome && reason === item.reason,
  )
  if (same) same.quantity += item.quantity
  else dropped.push(item)
}
