import { blobKeyOf } from "#attachments/attachment.ts"
import { type LooseAttachment, looseAttachment } from "#attachments/keep.ts"
import { type Report, readFeedback, readUserReport } from "#feedback/report.ts"
import type { IngestMessage, KeptAttachment } from "#messages.ts"
import { crashEvent } from "#normalize/reports/crash-report.ts"
import { scrubFileName, scrubReport } from "#normalize/scrub/companions.ts"
import type { ScrubSettings } from "#normalize/scrub/scrubber.ts"
import type { EnvelopeItem } from "#protocol/envelope.ts"
import { isJsonObject, parseJson } from "#protocol/json.ts"
import { attachmentQuantities, type Quantity, quantitiesOf } from "#protocol/quantities.ts"
import { type Contents, type Ending, endedAs, type RawEvent, type Verdict } from "./open.ts"

/** What came with an event, or alone: files, and what people wrote. They share the fate of the event beside them. */
export type Companions = {
  /** The event they belong to. */
  eventId: string
  /** Still in memory. */
  loose: LooseAttachment[]
  /** In the blob store. */
  kept: KeptAttachment[]
  reports: Report[]
}

type Carrier = Pick<IngestMessage, "id" | "receivedAt" | "parked">
/** What was read of minidumps in the blob store, by their keys. */
export type ReadDumps = ReadonlyMap<string, Record<string, unknown> | null>
type Read = { raw: RawEvent | null; companions: Companions | null; endings: Ending[] }

const INVALID_PAYLOAD: Verdict = { outcome: "invalid", reason: "payload" }
const CRASH_ALONE = { category: "error", sentAt: null, sdk: undefined, trace: undefined } as const
const REPORT_JSON = { maxDepth: 16, maxMembers: 5_000 }
/** Made by clients for servers that take spans and uploads apart; nothing here reads them. */
const UNREAD_ATTACHMENTS = new Map([
  ["application/vnd.sentry.trace-attachment", "trace_attachment"],
  ["application/vnd.sentry.attachment-ref+json", "attachment_ref"],
])

/**
 * Reads what came with an event, and makes an event of a crash of which there are only files. What cannot be kept ends here, and
 * all of it does when the event beside it could not be read.
 */
export function readCompanions(
  contents: Contents,
  carrier: Carrier,
  eventId: string,
  dumps: ReadDumps,
): Read {
  const { event, companions: items, fault, endings } = contents
  // The way of nearly all messages.
  if (items === null && !carrier.parked) return { raw: event, companions: null, endings }

  const companions: Companions = {
    eventId,
    loose: [],
    kept: [...(carrier.parked ?? [])],
    reports: [],
  }
  const ended = [...endings]
  for (const [index, item] of (items ?? []).entries()) {
    const verdict = place(item, companions, blobKeyOf(carrier, index))
    if (verdict) ended.push(...endedAs(quantitiesOf(item), verdict))
  }
  const verdict = event ? null : (fault ?? emptyFeedback(items ?? [], companions))
  if (verdict) {
    return { raw: null, companions: null, endings: [...ended, ...endingsOf(companions, verdict)] }
  }
  return { raw: withCrash(event, companions, dumps), companions, endings: ended }
}

const isFeedback = (type: string) => type === "feedback" || type === "userreportv2"

/** Feedback that says nothing: its screenshots are worth nothing then, either. */
function emptyFeedback(items: readonly EnvelopeItem[], { reports }: Companions): Verdict | null {
  const isEmpty =
    items.some(({ type }) => isFeedback(type)) && !reports.some(({ kind }) => kind === "feedback")
  return isEmpty ? INVALID_PAYLOAD : null
}

function withCrash(
  event: RawEvent | null,
  { loose, kept }: Companions,
  dumps: ReadDumps,
): RawEvent | null {
  const parked = kept.map(({ type, blobKey }) => ({ type, crash: dumps.get(blobKey) ?? null }))
  const json = crashEvent(event?.json ?? null, [...loose, ...parked])
  return json && { ...(event ?? CRASH_ALONE), json }
}

/** Sorts an item in; how it ended when it has no place. */
function place(item: EnvelopeItem, companions: Companions, blobKey: string): Verdict | null {
  if (item.type === "attachment") return placeAttachment(item, companions, blobKey)
  const { eventId, reports } = companions
  const isOwn = isFeedback(item.type)
  if (isOwn && reports.some(({ kind }) => kind === "feedback")) {
    return { outcome: "invalid", reason: "duplicate_item" }
  }
  const json = parseJson(item.payload, REPORT_JSON)
  if (!("value" in json) || !isJsonObject(json.value)) {
    return { outcome: "invalid", reason: "invalid_json" }
  }
  const report = isOwn ? readFeedback(json.value, eventId) : readUserReport(json.value, eventId)
  if (!report) return INVALID_PAYLOAD
  reports.push(report)
  return null
}

function placeAttachment(
  item: EnvelopeItem,
  companions: Companions,
  blobKey: string,
): Verdict | null {
  const loose = looseAttachment(item, blobKey)
  const reason = UNREAD_ATTACHMENTS.get(loose.contentType)
  if (reason) return { outcome: "unsupported", reason }
  companions.loose.push(loose)
  return null
}

/** Without passwords, card numbers and the like, in what people wrote and in the names of files. */
export function scrubCompanions(companions: Companions, settings: ScrubSettings): Companions {
  const named = <T extends { name: string }>(each: T): T => ({
    ...each,
    name: scrubFileName(each.name, settings),
  })
  return {
    ...companions,
    loose: companions.loose.map(named),
    kept: companions.kept.map(named),
    reports: companions.reports.map((report) => scrubReport(report, settings)),
  }
}

/** How all of them end, ended the same way. */
export function endingsOf(companions: Companions, verdict: Verdict): Ending[] {
  const { loose, kept, reports } = companions
  return endedAs(
    [
      ...loose.flatMap(({ bytes }) => attachmentQuantities(bytes.length)),
      ...kept.flatMap(({ size }) => attachmentQuantities(size)),
      ...reports.map((): Quantity => ({ category: "feedback", quantity: 1 })),
    ],
    verdict,
  )
}
