import zlib from "node:zlib"
import { slots } from "./corpus.ts"

export type Target = { host: string; port: number; path: string; publicKey: string }

/** A request that is sent again and again; only its slots are written anew. */
export type RequestTemplate = {
  bytes: Buffer
  /** Writes the slots; `group` and `user` are eight characters, `eventId` 32. */
  fill(values: { eventId: string; group: string; user: string }): void
}

const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])
const GZIP_TRAILER_BYTES = 8

/** `event` is the JSON of bench/corpus.ts. */
export function requestTemplate(event: string, target: Target, isGzip: boolean): RequestTemplate {
  const envelope = Buffer.from(
    [
      `{"event_id":"${slots.eventId}","sdk":{"name":"sentry.python","version":"2.30.0"}}`,
      `{"type":"event","content_type":"application/json","length":${Buffer.byteLength(event)}}`,
      event,
      "",
    ].join("\n"),
  )
  const body = isGzip ? gzipWithOpenHead(envelope) : plain(envelope)
  const head = Buffer.from(
    [
      `POST ${target.path} HTTP/1.1`,
      `Host: ${target.host}:${target.port}`,
      `X-Sentry-Auth: Sentry sentry_version=7, sentry_client=bench/1, sentry_key=${target.publicKey}`,
      "Content-Type: application/x-sentry-envelope",
      ...(isGzip ? ["Content-Encoding: gzip"] : []),
      `Content-Length: ${body.bytes.length}`,
      "User-Agent: bench/1",
      "",
      "",
    ].join("\r\n"),
  )
  const bytes = Buffer.concat([head, body.bytes])
  const inPlace = bytes.subarray(head.length)
  const places = placesOf(envelope).map((place) => ({
    ...place,
    at: place.at + body.envelopeAt,
  }))
  return {
    bytes,
    fill(values) {
      for (const { slot, at } of places) inPlace.write(values[slot], at, "latin1")
      body.seal(inPlace)
    },
  }
}

type Body = { bytes: Buffer; envelopeAt: number; seal(bytes: Buffer): void }

function plain(envelope: Buffer): Body {
  return { bytes: envelope, envelopeAt: 0, seal: () => {} }
}

/**
 * One gzip member whose first block is stored, not compressed, and holds every slot: so they can be written where they
 * stand. What is left is the checksum, which is linear: the compressed part's share of it never changes.
 */
function gzipWithOpenHead(envelope: Buffer): Body {
  const headBytes = Math.max(...placesOf(envelope).map(({ slot, at }) => at + slots[slot].length))
  const rest = envelope.subarray(headBytes)
  const blockHeader = Buffer.alloc(5)
  blockHeader.writeUInt16LE(headBytes, 1)
  blockHeader.writeUInt16LE(~headBytes & 0xffff, 3)
  const envelopeAt = GZIP_HEADER.length + blockHeader.length
  const bytes = Buffer.concat([
    GZIP_HEADER,
    blockHeader,
    envelope.subarray(0, headBytes),
    zlib.deflateRawSync(rest),
    Buffer.alloc(GZIP_TRAILER_BYTES),
  ])
  bytes.writeUInt32LE(envelope.length, bytes.length - 4)
  const shift = checksumShift(rest.length)
  const restChecksum = zlib.crc32(rest)
  return {
    bytes,
    envelopeAt,
    seal(sealed) {
      const head = zlib.crc32(sealed.subarray(envelopeAt, envelopeAt + headBytes))
      sealed.writeUInt32LE((shift(head) ^ restChecksum) >>> 0, sealed.length - GZIP_TRAILER_BYTES)
    },
  }
}

/** What becomes of a CRC-32 when `bytes` zero bytes follow; linear over its bits, so 32 answers are all of them. */
function checksumShift(bytes: number): (checksum: number) => number {
  const zeros = Buffer.alloc(bytes)
  const ofZeros = zlib.crc32(zeros)
  const basis = Array.from(
    { length: 32 },
    (_, bit) => zlib.crc32(zeros, (1 << bit) >>> 0) ^ ofZeros,
  )
  return (checksum) =>
    basis.reduce((sum, shifted, bit) => ((checksum >>> bit) & 1 ? sum ^ shifted : sum), 0)
}

function placesOf(bytes: Buffer) {
  const names = Object.keys(slots) as (keyof typeof slots)[]
  return names.flatMap((slot) => {
    const places: { slot: keyof typeof slots; at: number }[] = []
    for (let at = bytes.indexOf(slots[slot]); at !== -1; ) {
      places.push({ slot, at })
      at = bytes.indexOf(slots[slot], at + slots[slot].length)
    }
    return places
  })
}
