import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib"
import fc from "fast-check"
import { readEnvelope } from "#protocol/envelope.ts"
import { bodyOf, type FixtureRequest, listFixtures } from "../fixtures.ts"
import { eventOf } from "../sample-posts.ts"
import { type Edit, edit, mutated } from "./mutate.ts"

type Item = { headers: Record<string, unknown>; payload: Buffer }
type Base = { header: Record<string, unknown>; items: Item[] }

/** A change to the bytes on the wire; `at` is a share of their length. */
type Damage = { at: number; remove: number; insert: string }

/** One request, told so that it can be made smaller and read. */
export type Case = {
  /** Counts through the captured requests. */
  base: number
  id: string
  /** Of the payload of the item that `item` counts to. */
  item: number
  edits: Edit[]
  headerEdits: Edit[]
  itemHeaderEdits: Edit[]
  /** Items of other requests, by number, put behind. */
  more: number[]
  hasLengths: boolean
  damage: Damage[]
  packing: keyof typeof packings
  /** What Content-Encoding says, when that is not the truth. */
  claim: string | null
  endpoint: (typeof ENDPOINTS)[number]
  auth: "header" | "query" | "none"
}

const ENDPOINTS = ["envelope", "store", "tunnel", "security", "nel"] as const
const bases: Base[] = listFixtures().map(baseOf)
const withEvent = bases.flatMap(({ items }, index) =>
  items.some(({ headers }) => headers.type === "event") ? [index] : [],
)
const pool: Item[] = bases.flatMap(({ items }) => items)

type Packing = { encoding: string | null; pack: (plain: Uint8Array) => Buffer }
const zstd = (plain: Uint8Array) => zstdCompressSync(plain)
const packings = {
  none: { encoding: null, pack: Buffer.from },
  gzip: { encoding: "gzip", pack: (plain) => gzipSync(plain, { level: 1 }) },
  deflate: { encoding: "deflate", pack: (plain) => deflateSync(plain, { level: 1 }) },
  br: { encoding: "br", pack: (plain) => brotliCompressSync(plain, { params: { 1: 1 } }) },
  zstd: { encoding: "zstd", pack: zstd },
  "base64-zlib": {
    encoding: null,
    pack: (plain) => Buffer.from(deflateSync(plain).toString("base64")),
  },
  base64: { encoding: null, pack: (plain) => Buffer.from(Buffer.from(plain).toString("base64")) },
} satisfies Record<string, Packing>

const damage: fc.Arbitrary<Damage> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.oneof(fc.nat(3), fc.nat(2_000)),
  insert: fc.constantFrom(
    ...["", "\n", "\r\n", "{", "}", "[", '"', "\\", "\0", "\xff", "\xef\xbb\xbf", "NaN", ","],
    ...['{"type":"event"}\n{}\n', '{"type":"x","length":9}\n', '"event_id":"x",', "\ud83d"],
  ),
})

const edits = (most: number) => fc.array(edit, { maxLength: most })
/** Mostly none. */
const rareEdits = fc.oneof({ weight: 9, arbitrary: edits(0) }, { weight: 1, arbitrary: edits(2) })

/** Most of what it makes is well-formed in most ways: noise alone would end at the first check. */
export const cases: fc.Arbitrary<Case> = fc.record({
  base: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...withEvent) },
    { weight: 1, arbitrary: fc.nat(bases.length - 1) },
  ),
  id: fc.bigInt(0n, 2n ** 128n - 1n).map((given) => given.toString(16).padStart(32, "0")),
  item: fc.nat(3),
  edits: edits(6),
  headerEdits: rareEdits,
  itemHeaderEdits: rareEdits,
  more: fc.oneof(
    { weight: 4, arbitrary: fc.constant<number[]>([]) },
    { weight: 1, arbitrary: fc.array(fc.nat(pool.length - 1), { maxLength: 5 }) },
  ),
  hasLengths: fc.boolean(),
  damage: fc.oneof(
    { weight: 7, arbitrary: fc.constant<Damage[]>([]) },
    { weight: 1, arbitrary: fc.array(damage, { minLength: 1, maxLength: 3 }) },
  ),
  packing: fc.oneof(
    { weight: 4, arbitrary: fc.constant("none") },
    fc.constantFrom(...Object.keys(packings)),
  ) as fc.Arbitrary<Case["packing"]>,
  claim: fc.oneof(
    { weight: 19, arbitrary: fc.constant(null) },
    fc.constantFrom("gzip", "br", "zstd", "deflate", "gzip, gzip", "identity", "", "x"),
  ),
  endpoint: fc.oneof(
    { weight: 8, arbitrary: fc.constant("envelope") },
    { weight: 5, arbitrary: fc.constant("store") },
    { weight: 1, arbitrary: fc.constantFrom(...ENDPOINTS) },
  ) as fc.Arbitrary<Case["endpoint"]>,
  auth: fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom("header", "query") },
    fc.constantFrom("header", "query", "none"),
  ) as fc.Arbitrary<Case["auth"]>,
})

/** The request of a case, to the project of this DSN. */
export function requestOf(given: Case, dsn: string): FixtureRequest {
  const { username: key, pathname } = new URL(dsn)
  const isEnvelope = given.endpoint === "envelope" || given.endpoint === "tunnel"
  const plain = isEnvelope ? envelopeBody(given, dsn) : plainBody(given)
  const { encoding, pack } = packings[given.packing] as Packing
  const claimed = given.claim ?? encoding
  const headers: Record<string, string> = {
    "content-type": given.endpoint === "security" ? "application/csp-report" : "application/json",
    ...(given.auth === "header" && {
      "x-sentry-auth": `Sentry sentry_version=7, sentry_client=fuzz/1, sentry_key=${key}`,
    }),
    ...(claimed !== null && { "content-encoding": claimed }),
  }
  const query = given.auth === "query" ? `?sentry_version=7&sentry_key=${key}` : ""
  const path =
    given.endpoint === "tunnel" ? "/tunnel/" : `/api${pathname}/${given.endpoint}/${query}`
  return { method: "POST", path, headers, body: Buffer.from(damaged(pack(plain), given.damage)) }
}

function plainBody(given: Case): Buffer {
  const { items } = bases[given.base] as Base
  const [first] = items
  return first ? payloadOf(first, given, given.edits) : Buffer.alloc(0)
}

function envelopeBody(given: Case, dsn: string): Buffer {
  const { header, items } = bases[given.base] as Base
  const target = items.length === 0 ? -1 : given.item % items.length
  const all = [...items, ...given.more.flatMap((index) => pool[index] ?? [])]
  const lines = [jsonBytes(mutated({ ...header, event_id: given.id, dsn }, given.headerEdits))]
  for (const [index, item] of all.entries()) {
    const isTarget = index === target
    const payload = payloadOf(item, given, isTarget ? given.edits : [])
    const length = given.hasLengths || !isLine(payload) ? { length: payload.length } : {}
    const headers = { ...item.headers, length: undefined, ...length }
    lines.push(jsonBytes(isTarget ? mutated(headers, given.itemHeaderEdits) : headers), payload)
  }
  return Buffer.concat(lines.flatMap((line) => [line, Buffer.from("\n")]))
}

/** The payload with the case's own id in it, and edited, when it is JSON. */
function payloadOf(item: Item, { id }: Case, edits: readonly Edit[]): Buffer {
  const json = parsed(item.payload)
  if (json === undefined) return item.payload
  const own = "event_id" in json ? { ...json, event_id: id } : json
  return jsonBytes(mutated(own, edits))
}

function jsonBytes(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value) ?? "")
}

function parsed(payload: Buffer): object | undefined {
  if (payload[0] !== 0x7b) return undefined
  return JSON.parse(payload.toString())
}

function isLine(payload: Buffer): boolean {
  return payload.length > 0 && !payload.includes(0x0a)
}

function damaged(bytes: Buffer, given: readonly Damage[]): Buffer {
  let result = bytes
  for (const { at, remove, insert } of given) {
    const start = Math.floor(at * result.length)
    const inserted = Buffer.from(insert, "latin1")
    result = Buffer.concat([result.subarray(0, start), inserted, result.subarray(start + remove)])
  }
  return result
}

function baseOf(fixture: ReturnType<typeof listFixtures>[number]): Base {
  const event = eventOf(fixture)
  if (event !== null && !fixture.file?.endsWith(".envelope")) {
    return { header: {}, items: [{ headers: { type: "event" }, payload: Buffer.from(event) }] }
  }
  if (fixture.file?.endsWith("report.json")) {
    return { header: {}, items: [{ headers: { type: "raw_security" }, payload: bodyOf(fixture) }] }
  }
  const envelope = readEnvelope(bodyOf(fixture), 100)
  if ("fault" in envelope) throw new Error(`${fixture.file}: ${envelope.fault}`)
  const { dsn: _, ...header } = envelope.headers
  const items = envelope.items.map((item) => ({
    headers: item.headers,
    payload: Buffer.from(item.payload),
  }))
  return { header, items }
}
