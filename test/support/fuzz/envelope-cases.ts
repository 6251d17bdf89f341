import fc from "fast-check"
import { readEnvelope } from "#protocol/envelope.ts"
import { bodyOf, type FixtureRequest, listFixtures } from "../fixtures.ts"
import { eventOf } from "../sample-posts.ts"
import { type Edit, edit, mutated } from "./mutate.ts"
import { sent, type Wire, wire } from "./wire.ts"

type Item = { headers: Record<string, unknown>; payload: Buffer }
type Base = { header: Record<string, unknown>; items: Item[] }

/** One request, told so that it can be made smaller and read. */
export type EnvelopeCase = Wire & {
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
  endpoint: (typeof ENVELOPE_ENDPOINTS)[number]
}

export const ENVELOPE_ENDPOINTS = ["envelope", "store", "tunnel", "security", "nel"] as const
const bases: Base[] = listFixtures().map(baseOf)
const withEvent = bases.flatMap(({ items }, index) =>
  items.some(({ headers }) => headers.type === "event") ? [index] : [],
)
const reports = bases.filter(({ items }) => items[0]?.headers.type === "raw_security")
const pool: Item[] = bases.flatMap(({ items }) => items)

/** Of captured requests. */
export const events: object[] = withEvent.flatMap(
  (index) => parsed((bases[index] as Base).items[0]?.payload ?? Buffer.alloc(0)) ?? [],
)

const edits = (most: number) => fc.array(edit, { maxLength: most })
/** Mostly none. */
const rareEdits = fc.oneof({ weight: 9, arbitrary: edits(0) }, { weight: 1, arbitrary: edits(2) })

/** Most of what it makes is well-formed in most ways: noise alone would end at the first check. */
export const envelopeCases: fc.Arbitrary<EnvelopeCase> = fc.record({
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
  ...wire,
  endpoint: fc.oneof(
    { weight: 8, arbitrary: fc.constant("envelope") },
    { weight: 5, arbitrary: fc.constant("store") },
    { weight: 1, arbitrary: fc.constantFrom(...ENVELOPE_ENDPOINTS) },
  ) as fc.Arbitrary<EnvelopeCase["endpoint"]>,
})

/** The request of a case, to the project of this DSN. */
export function envelopeRequestOf(given: EnvelopeCase, dsn: string): FixtureRequest {
  const { username: key, pathname } = new URL(dsn)
  const isEnvelope = given.endpoint === "envelope" || given.endpoint === "tunnel"
  const plain = isEnvelope ? envelopeBody(given, dsn) : plainBody(given)
  const { body, headers, query } = sent(plain, given, key)
  const contentType = given.endpoint === "security" ? "application/csp-report" : "application/json"
  const path =
    given.endpoint === "tunnel" ? "/tunnel/" : `/api${pathname}/${given.endpoint}/${query}`
  return { method: "POST", path, headers: { "content-type": contentType, ...headers }, body }
}

function plainBody(given: EnvelopeCase): Buffer {
  const some = given.endpoint === "security" ? reports : bases
  const [first] = (some[given.base % some.length] as Base).items
  return first ? payloadOf(first, given, given.edits) : Buffer.alloc(0)
}

function envelopeBody(given: EnvelopeCase, dsn: string): Buffer {
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
function payloadOf(item: Item, { id }: EnvelopeCase, edits: readonly Edit[]): Buffer {
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
