import { expect, test } from "bun:test"
import { newEventId, parseEventId } from "#protocol/event-id.ts"

test("plain and dashed uuids in any case become 32 lower-case digits", () => {
  const id = "9ec79c33ec9942ab8353589fcb2e04dc"
  expect(parseEventId(id)).toBe(id)
  expect(parseEventId("9EC79C33-EC99-42AB-8353-589FCB2E04DC")).toBe(id)
})

test("nothing else passes", () => {
  const wrong = [
    "zz",
    "../../etc/passwd",
    "a".repeat(31),
    "a".repeat(33),
    `${"a".repeat(32)}\n`,
    "９".repeat(32),
    "{9ec79c33-ec99-42ab-8353-589fcb2e04dc}",
    "9ec79c33ec99-42ab-8353-589fcb2e04dc",
    5,
    null,
    undefined,
    {},
  ]
  expect(wrong.map(parseEventId)).toEqual(wrong.map(() => null))
})

test("new ids are of the canonical form and differ", () => {
  expect(parseEventId(newEventId())).toMatch(/^[0-9a-f]{12}4[0-9a-f]{19}$/)
  expect(newEventId()).not.toBe(newEventId())
})
