import { eventInForm, type FormField, mergeMissing } from "#protocol/crash-form.ts"
import type { ItemToWrite } from "#protocol/envelope-writer.ts"
import { newEventId, parseEventId } from "#protocol/event-id.ts"
import { isJsonObject } from "#protocol/json.ts"
import { readMsgpack } from "#protocol/msgpack.ts"
import { innerBoundary, type Part, readMultipart } from "#protocol/multipart.ts"
import type { Composition } from "../accept-composed.ts"
import type { Door } from "../door.ts"
import { openBody } from "../open-body.ts"
import { isRefusal, type Refusal, refuse } from "../refusal.ts"
import { formParts } from "./form-parts.ts"

type Helpers = Pick<Door, "limits" | "heavyLane">

const DUMP_FIELD = "upload_file_minidump"
/** What crash reporters write while the process dies, by the name of the field or of the file. */
const TYPES = new Map([
  [DUMP_FIELD, "event.minidump"],
  ["__sentry-event", "event.payload"],
  ["__sentry-breadcrumb1", "event.breadcrumbs"],
  ["__sentry-breadcrumb2", "event.breadcrumbs"],
  ["view-hierarchy.json", "event.view_hierarchy"],
])
const PACKED = /\.(?:gz|zst)$/i
const MAX_INNER_PARTS = 100

/** A native crash: a form of Breakpad or Crashpad with the dump and whatever else is known, or the dump alone. */
export async function composeMinidump(
  bytes: Uint8Array,
  contentType: string | null,
  helpers: Helpers,
): Promise<Composition | Refusal> {
  if (bytes.length === 0) return refuse("empty_body")
  const isForm = contentType?.trim().toLowerCase().startsWith("multipart/") ?? false
  const parts = isForm
    ? formParts(bytes, contentType, helpers.limits.maxEnvelopeItems)
    : [{ name: DUMP_FIELD, filename: "Minidump", contentType: null, content: bytes }]
  if (isRefusal(parts)) return parts
  const sent = parts.find(({ name }) => name === DUMP_FIELD)
  if (!sent || sent.content.length === 0) return refuse("missing_minidump")
  const dump = await unpackDump(sent, helpers)
  if (isRefusal(dump)) return dump
  const writtenAt = timeOfDump(dump.content)
  if (writtenAt === null) return refuse("invalid_minidump")

  const others = parts.filter((part) => part !== sent && part.filename !== null)
  const told = eventOf(parts, helpers)
  const eventId = parseEventId(told.event_id) ?? newEventId()
  const bare = { event_id: eventId, ...(writtenAt > 0 && { timestamp: writtenAt }) }
  const payload = jsonWithin(helpers.limits.maxEventBytes, { ...bare, ...told }) ?? jsonOf(bare)
  const files = [dump, ...others].map(attachmentOf)
  return { eventId, items: [{ type: "event", headers: {}, payload }, ...files] }
}

const jsonOf = (value: object) => Buffer.from(JSON.stringify(value))

/** Null when it is longer: better a dump that says nothing than none. */
function jsonWithin(maxBytes: number, value: object): Buffer | null {
  const json = jsonOf(value)
  return json.length > maxBytes ? null : json
}

/** What the parts say of the event, the file of the dying process first. Fields beyond the size of an event are left out. */
function eventOf(parts: readonly Part[], { limits }: Helpers): Record<string, unknown> {
  const event: Record<string, unknown> = {}
  const file = parts.find((part) => typeOf(part) === "event.payload")
  if (file && file.content.length <= limits.maxEventBytes) {
    mergeMissing(event, readMsgpack(file.content)?.find(isJsonObject) ?? {})
  }
  let room = limits.maxEventBytes / 2
  const fields = parts.flatMap(({ name, filename, content }): FormField[] => {
    if (filename !== null || name === DUMP_FIELD || content.length > room) return []
    room -= content.length
    return [{ name, text: Buffer.from(content).toString() }]
  })
  const jsonLimits = { maxDepth: limits.maxJsonDepth, maxMembers: limits.maxJsonKeys }
  mergeMissing(event, eventInForm(fields, jsonLimits))
  return event
}

/** The dump itself: old Electron puts a form into the field, others compress it. */
async function unpackDump(sent: Part, { limits, heavyLane }: Helpers): Promise<Part | Refusal> {
  const boundary = innerBoundary(sent.content)
  if (boundary !== null) {
    const inner = readMultipart(sent.content, boundary, MAX_INNER_PARTS)
    return inner?.find(({ name }) => name === DUMP_FIELD) ?? refuse("invalid_minidump")
  }
  const packed = { contentEncoding: null, body: sent.content }
  const opened = await openBody(packed, limits.maxAttachmentBytes, heavyLane)
  if (isRefusal(opened)) return opened.limits ? opened : refuse("invalid_minidump")
  if (opened.encoding.length === 0) return sent
  return { ...sent, filename: sent.filename?.replace(PACKED, "") ?? null, content: opened.bytes }
}

const HEADER_BYTES = 32

/** Seconds since 1970, 0 when it does not say; null when it is no minidump. The magic tells the order of bytes. */
function timeOfDump(dump: Uint8Array): number | null {
  const head = Buffer.from(dump.subarray(0, HEADER_BYTES))
  const magic = head.toString("latin1", 0, 4)
  if (magic !== "MDMP" && magic !== "PMDM") return null
  if (head.length < HEADER_BYTES) return 0
  return magic === "MDMP" ? head.readUInt32LE(20) : head.readUInt32BE(20)
}

function typeOf({ name, filename }: Part): string | undefined {
  return TYPES.get(name) ?? TYPES.get(filename ?? "")
}

function attachmentOf(part: Part): ItemToWrite {
  const { filename, contentType, content } = part
  const attachmentType = typeOf(part)
  return {
    type: "attachment",
    headers: {
      filename: filename ?? "Minidump",
      content_type: contentType,
      ...(attachmentType && { attachment_type: attachmentType }),
    },
    payload: content,
  }
}
