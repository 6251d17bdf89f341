import { expect, test } from "bun:test"
import fc from "fast-check"
import { type EnvelopeItem, envelopeWith, readEnvelope } from "#protocol/envelope.ts"
import { effortOf } from "../support/effort.ts"

const read = (text: string | Uint8Array) => readEnvelope(Buffer.from(text), 100)
const payloads = (text: string) => {
  const envelope = read(text)
  return "fault" in envelope
    ? envelope.fault
    : envelope.items.map((item) => [item.type, Buffer.from(item.payload).toString()])
}
const ID = "9ec79c33ec9942ab8353589fcb2e04dc"

test("the length counts bytes and may run over line feeds", () => {
  const head = '{}\n{"type":"attachment","length":10,"filename":"a"}\n'
  expect(payloads(`${head}ab\ncd\n12\n3`)).toEqual([["attachment", "ab\ncd\n12\n3"]])
  expect(payloads('{}\n{"type":"a","length":3}\n€\n{"type":"b","length":0}')).toEqual([
    ["a", "€"],
    ["b", ""],
  ])
})

test("without a length the payload ends with its line", () => {
  expect(payloads('{}\n{"type":"event"}\n{"a":1}\n{"type":"session","length":null}\n{}')).toEqual([
    ["event", '{"a":1}'],
    ["session", "{}"],
  ])
})

test("ends that clients write: no line feed, one, two, a header alone", () => {
  const one = '{}\n{"type":"event","length":2}\n{}'
  for (const end of ["", "\n", "\n\n", "\n \r\n\n"]) {
    expect(payloads(one + end)).toEqual([["event", "{}"]])
  }
  expect(payloads('{}\n{"type":"attachment","length":0}')).toEqual([["attachment", ""]])
  expect(payloads("{}")).toEqual([])
  expect(payloads("{}\n")).toEqual([])
})

test("carriage returns, blanks, a byte order mark and headers over several lines are understood", () => {
  expect(payloads('\ufeff{}\r\n{"type":"event"}\r\n{"a":1}\r\n')).toEqual([["event", '{"a":1}\r']])
  expect(payloads('{\n "dsn": null\n}\n\n  {"type":\n"event"}\n{}')).toEqual([["event", "{}"]])
})

test("a wrong length is an error, too long and too short", () => {
  expect(payloads('{}\n{"type":"event","length":9}\n{}')).toBe("unexpected end of file")
  expect(payloads('{}\n{"type":"event","length":1}\n{}')).toBe(
    "missing newline after header or payload",
  )
})

test("headers that are none", () => {
  expect(payloads(" \n ")).toBe("missing envelope header")
  for (const text of [
    "x",
    "[]",
    '"x"',
    "{",
    '{"a"}',
    '{"event_id":"zz"}',
    '{"dsn":5}',
    '{"dsn":"x"}',
  ]) {
    expect(payloads(text)).toBe("invalid envelope header")
  }
  expect(payloads("{}x")).toBe("missing newline after header or payload")
  for (const item of ["x", "[]", "{}", '{"type":5}', '{"type":"a","length":-1}']) {
    expect(payloads(`{}\n${item}\n`)).toBe("invalid item header")
  }
  for (const length of ["1.5", '"2"', "4294967296", "1e99"]) {
    expect(payloads(`{}\n{"type":"a","length":${length}}\n`)).toBe("invalid item header")
  }
})

test("id, DSN and time of the header", () => {
  const header = `{"event_id":"${ID.toUpperCase()}","dsn":"http://k@h/1","sent_at":"2026-01-21T13:33:20.123456789Z"}`
  expect(read(header)).toMatchObject({
    eventId: ID,
    dsn: { publicKey: "k", projectId: "1" },
    sentAt: new Date("2026-01-21T13:33:20.123Z"),
  })
  expect(read('{"event_id":null,"dsn":null,"sent_at":null}')).toMatchObject({ eventId: null })
  expect(read('{"sent_at":"2026-01-21T13:33:20"}')).toMatchObject({
    sentAt: new Date("2026-01-21T13:33:20Z"),
  })
  for (const wrong of ["garbage", "2026-13-41T00:00:00Z", "5"]) {
    expect(read(`{"sent_at":"${wrong}"}`)).toEqual({ fault: "invalid envelope header" })
  }
})

test("a million empty items, a header of 10 MB and nested headers end quickly", () => {
  const hostile = [
    `{}\n${'{"type":"a"}\n\n'.repeat(1_000_000)}`,
    `{"a":"${"x".repeat(10_000_000)}"}`,
    `{"a":${"[".repeat(100_000)}`,
    `{"a":${"[".repeat(100)}${"]".repeat(100)}}`,
    " ".repeat(10_000_000),
    `{}\n{"type":"a","x":"${"y".repeat(10_000_000)}`,
  ].map((text) => Buffer.from(text))
  for (const bytes of hostile) {
    expect(readEnvelope(bytes, 100)).toHaveProperty("fault")
    expect(effortOf(() => readEnvelope(bytes, 100))).toBeLessThan(1000)
  }
})

const payload = fc.uint8Array({ maxLength: 60 })
const itemHeaders = fc.dictionary(
  fc.string().filter((key) => key !== "__proto__"),
  fc.jsonValue(),
  { maxKeys: 3 },
)

test("what was framed with lengths comes back to the byte", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(itemHeaders, payload), { maxLength: 8 }), (items) => {
      const parts = items.flatMap(([headers, body], i) => [
        Buffer.from(JSON.stringify({ ...headers, type: `t${i}`, length: body.length })),
        Buffer.from(body),
      ])
      const bytes = Buffer.concat(
        [Buffer.from("{}"), ...parts].flatMap((part) => [part, Buffer.from("\n")]),
      )
      const envelope = readEnvelope(bytes, 100)
      if ("fault" in envelope) throw new Error(envelope.fault)
      expect(envelope.items.map((item) => Buffer.from(item.payload))).toEqual(
        items.map(([, body]) => Buffer.from(body)),
      )
    }),
  )
})

test("no bytes whatever make it throw", () => {
  const pieces = fc.constantFrom(
    "{}",
    "\n",
    '{"type":"a"}',
    '{"type":"a","length":2}',
    '"',
    "\\",
    "[",
    "{",
    "\r",
    "\0",
  )
  const text = fc.array(fc.oneof(pieces, fc.string({ maxLength: 5 })), { maxLength: 30 })
  fc.assert(
    fc.property(text, (parts) => void read(parts.join(""))),
    { numRuns: 2000 },
  )
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void read(bytes)))
})

test("an envelope without some of its items is an envelope of the others", () => {
  const bytes = Buffer.from(
    '{"dsn":"http://k@h/1"}\n{"type":"a","length":3}\n1\n2\n{"type":"b"}\nbb\n\n{"type":"c"}\nc',
  )
  const envelope = readEnvelope(bytes, 100)
  if ("fault" in envelope) throw new Error(envelope.fault)
  const without = (type: string) => {
    const kept = envelope.items.filter((item: EnvelopeItem) => item.type !== type)
    return payloads(Buffer.from(envelopeWith(bytes, envelope, kept)).toString())
  }
  expect(without("a")).toEqual([
    ["b", "bb"],
    ["c", "c"],
  ])
  expect(without("b")).toEqual([
    ["a", "1\n2"],
    ["c", "c"],
  ])
  expect(without("c")).toEqual([
    ["a", "1\n2"],
    ["b", "bb"],
  ])
  expect(payloads(Buffer.from(envelopeWith(bytes, envelope, [])).toString())).toEqual([])
})
