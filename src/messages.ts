import { utcDay } from "#platform/clock.ts"

/** What web decided about a part of a message that it accepted; quantities are items. */
export type DroppedItem = { category: string; outcome: string; reason: string; quantity: number }

/** An attachment whose bytes lie in the blob store. Label and type are the client's words: not to be believed. */
export type KeptAttachment = {
  name: string
  type: string
  contentType: string
  /** Bytes. */
  size: number
  sha1: string
  /** What a page may show it as, by its first bytes; null: it can only be downloaded. */
  preview: string | null
  blobKey: string
}

/** One accepted request on its way from web to worker. */
export type IngestMessage = {
  /** uuid v7; what `consumed` remembers. */
  id: string
  /** The key's. While `unverified` what the path says, "0" when it says nothing. */
  projectId: string
  /** "0" while `unverified`, like organizationId. */
  keyId: string
  organizationId: string
  publicKey: string
  /** Milliseconds since 1970. */
  receivedAt: number
  /** UTC day of `receivedAt`, YYYY-MM-DD: set once, names the partition wherever the message ends up. */
  receivedDay: string
  kind: "store" | "envelope"
  /** Layers of compression the body still wears, outermost last: what `decodeBody` of #protocol/encoding.ts takes. */
  encoding: string[]
  /** PostgreSQL was away and the key not remembered: the worker judges key, project and origin. */
  unverified: boolean
  /** The request's Origin or Referer, for that judgement; null otherwise. */
  origin: string | null
  clientAddress: string
  userAgent: string
  /** sentry_client of the credentials. */
  client: string
  /** The id that was answered; overrides what the event says. Null when nothing in the body needs one. */
  eventId: string | null
  /** Not in the body any more: outcomes the worker has to write beside those of the items it finds. */
  dropped: DroppedItem[]
  /** Taken out of the body too, because they are large: attachments of the event. */
  parked?: KeptAttachment[]
  /** As it came on the wire, unless parts were taken out: then an envelope of the rest, uncompressed. */
  body: Uint8Array
}

/**
 * Bytes of a message: version (1), length of the header (4, little endian), header as JSON, body. JSON costs about
 * 2 µs a message and can grow fields; a version that this program does not know goes to the dead letters unread.
 */
const VERSION = 1
const PREFIX_BYTES = 5

export function encodeMessage({ body, ...header }: IngestMessage): Uint8Array {
  const text = JSON.stringify(header)
  // utf8Write needs the room first: three bytes a UTF-16 unit is the most there can be.
  const buffer = Buffer.allocUnsafe(PREFIX_BYTES + text.length * 3 + body.length)
  const headerBytes = buffer.write(text, PREFIX_BYTES)
  buffer.writeUInt8(VERSION, 0)
  buffer.writeUInt32LE(headerBytes, 1)
  buffer.set(body, PREFIX_BYTES + headerBytes)
  return buffer.subarray(0, PREFIX_BYTES + headerBytes + body.length)
}

/** Throws when the bytes are no sound message of a version this program knows. The body is a view, not a copy. */
export function decodeMessage(bytes: Uint8Array): IngestMessage {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  if (buffer[0] !== VERSION) throw new Error(`message of unknown version ${buffer[0]}`)
  const bodyStart = PREFIX_BYTES + buffer.readUInt32LE(1)
  if (bodyStart > buffer.length) throw new Error("message cut short")
  const header: Header = JSON.parse(buffer.toString("utf8", PREFIX_BYTES, bodyStart))
  if (!isSound(header)) throw new Error("message with an unsound header")
  return { ...header, body: buffer.subarray(bodyStart) }
}

type Header = Omit<IngestMessage, "body">

const ID = /^\d{1,19}$/
const FOUR_DIGIT_YEAR = /^\d{4}-/

/** What the rest of the line takes for granted: a day that names no partition would hold up all that come with it. */
function isSound({ projectId, keyId, organizationId, receivedAt, receivedDay, ...rest }: Header) {
  return (
    [projectId, keyId, organizationId].every((id) => ID.test(id)) &&
    Number.isFinite(receivedAt) &&
    FOUR_DIGIT_YEAR.test(receivedDay) &&
    receivedDay === utcDay(new Date(receivedAt)) &&
    Array.isArray(rest.encoding) &&
    Array.isArray(rest.dropped) &&
    (rest.parked === undefined || Array.isArray(rest.parked))
  )
}
