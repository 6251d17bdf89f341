import { expect, test } from "bun:test"
import { decodePayload, encodePayload } from "#events/payload-codec.ts"

test("an event comes back as it was stored, small ones plain, large ones compressed", () => {
  const small = { message: "é 👋", n: 1.5, deep: { list: [null, true] } }
  const large = { frames: Array.from({ length: 200 }, (_, n) => ({ function: `step_${n % 7}` })) }
  expect([encodePayload(small)[0], encodePayload(large)[0]]).toEqual([0, 1])
  expect([decodePayload(encodePayload(small)), decodePayload(encodePayload(large))]).toEqual([
    small,
    large,
  ])
  expect(encodePayload(large).length).toBeLessThan(JSON.stringify(large).length / 5)
})

test("a payload of a codec from the future is refused by name", () => {
  expect(() => decodePayload(Uint8Array.of(9, 1, 2))).toThrow("unknown codec 9")
})
