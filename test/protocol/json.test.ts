import { expect, test } from "bun:test"
import fc from "fast-check"
import { parseExactly, parseJson } from "#protocol/json.ts"
import { effortOf } from "../support/effort.ts"

const limits = { maxDepth: 128, maxMembers: 1000 }
const parse = (text: string | Uint8Array) => parseJson(Buffer.from(text), limits)

test("whatever is JSON comes out as JSON.parse reads it", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 20 }), (value) => {
      const text = JSON.stringify(value)
      expect(parse(text)).toEqual({ value: JSON.parse(text) })
    }),
  )
})

test("128 levels pass, 129 do not, and brackets in strings do not count", () => {
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth)
  expect(parse(nested(128))).toHaveProperty("value")
  expect(parse(nested(129))).toEqual({ fault: "too_deep" })
  expect(parse(JSON.stringify(`\\"${"[".repeat(500)}`))).toHaveProperty("value")
})

test("a million brackets are refused at the first that is too deep", () => {
  const hostile = Buffer.from("[".repeat(1_000_000))
  expect(parseJson(hostile, limits)).toEqual({ fault: "too_deep" })
  expect(effortOf(() => parseJson(hostile, limits))).toBeLessThan(100)
})

test("too many members are refused before they are parsed", () => {
  expect(parse(JSON.stringify(Array(1001).fill(0)))).toHaveProperty("value")
  expect(parse(JSON.stringify(Array(1002).fill(0)))).toEqual({ fault: "too_many_members" })
})

test("bare NaN and Infinity are replaced, but not inside strings", () => {
  expect(parse('{"a":NaN,"b":-Infinity,"c":[Infinity,-1],"d":"NaN \\" Infinity"}')).toEqual({
    value: { a: 0, b: null, c: [null, -1], d: 'NaN " Infinity' },
  })
})

test("a byte order mark and broken UTF-8 do not stand in the way", () => {
  expect(parse("\ufeff{}")).toEqual({ value: {} })
  const broken = Buffer.concat([Buffer.from('{"a":"'), Buffer.of(0xff, 0xc3), Buffer.from('"}')])
  expect(parse(broken)).toEqual({ value: { a: "\ufffd\ufffd" } })
})

test("what is no JSON is a fault, never an exception", () => {
  for (const text of ["", "{", "{bad", "nul", '"\\', '{"a":', "[1,]", "\0"]) {
    expect(parse(text)).toEqual({ fault: "not_json" })
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      parseJson(bytes, limits)
    }),
  )
})

test("whole numbers that a double cannot hold may be had as text", () => {
  const text =
    '{"id":1234567890123456789,"list":[-12345678901234567890,9007199254740991],"x":1.5,"e":1e300,"s":"1"}'
  expect(parseExactly(Buffer.from(text))).toEqual({
    id: "1234567890123456789",
    list: ["-12345678901234567890", 9007199254740991],
    x: 1.5,
    e: "1e300",
    s: "1",
  })
  expect(parseExactly(Buffer.from("{"))).toBeUndefined()
  const evil = parseExactly(Buffer.from('{"__proto__":{"polluted":12345678901234567}}'))
  expect(Object.keys(evil as object)).toEqual(["__proto__"])
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
})
