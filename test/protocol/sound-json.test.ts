import { expect, test } from "bun:test"
import fc from "fast-check"
import { isSoundObject } from "#protocol/sound-json.ts"

const limits = { maxDepth: 128, maxMembers: 1000 }
const isSound = (text: string | Uint8Array) => isSoundObject(Buffer.from(text), limits)

function isObjectForParser(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === "object" && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

test("every JSON object is sound, however it is laid out", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(3), (value, indent) => {
      expect(isSound(JSON.stringify(value, null, indent))).toBe(true)
    }),
  )
})

test("what is sound is an object for the parser too, whatever was done to the text", () => {
  const piece = fc.constantFrom(
    ...'{}[]",:\\/ \n\t0123456789-+.eEutfn'.split(""),
    "true",
    "false",
    "null",
    '"a"',
    "\\u00e9",
    "\\u0",
    "\x01",
    "-0.5e+3",
    "01",
    "NaN",
  )
  const valid = fc.dictionary(fc.string({ maxLength: 3 }), fc.jsonValue({ maxDepth: 2 }))
  const damaged = fc.tuple(valid, fc.nat(), fc.nat(2), piece).map(([value, at, cut, inserted]) => {
    const text = JSON.stringify(value)
    const place = at % text.length
    return text.slice(0, place) + inserted + text.slice(place + cut)
  })
  const assembled = fc.array(piece, { maxLength: 12 }).map((pieces) => `{${pieces.join("")}}`)
  fc.assert(
    fc.property(fc.oneof(damaged, assembled), (text) => {
      expect(isSound(text)).toBe(isObjectForParser(text))
    }),
    { numRuns: 20_000 },
  )
})

test("limits make it unsure", () => {
  const nested = (depth: number) => `{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`
  expect(isSound(nested(127))).toBe(true)
  expect(isSound(nested(128))).toBe(false)
  expect(isSound(nested(1_000_000))).toBe(false)
  expect(isSound(JSON.stringify({ a: Array(999).fill(0) }))).toBe(true)
  expect(isSound(JSON.stringify({ a: Array(1000).fill(0) }))).toBe(false)
})

test("what only the parser may judge is left to it", () => {
  for (const text of ["", "[]", "1", "\ufeff{}", '{"a":NaN}', "{}{}"])
    expect(isSound(text)).toBe(false)
  const broken = Buffer.concat([Buffer.from('{"a":"'), Buffer.of(0xff), Buffer.from('"}')])
  expect(isSound(broken)).toBe(true)
})
