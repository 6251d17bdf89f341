import { expect, test } from "bun:test"
import { readEnvelope } from "#protocol/envelope.ts"
import { writeEnvelope } from "#protocol/envelope-writer.ts"

test("what is written is read again, line feeds and odd letters included", () => {
  const payloads = ["", "a\nb\0c", "ü💩", '{"x":1}'].map((text) => Buffer.from(text))
  const items = payloads.map((payload) => ({ type: "attachment", headers: {}, payload }))
  const eventId = "9ec79c33ec9942ab8353589fcb2e04dc"
  const read = readEnvelope(writeEnvelope({ event_id: eventId }, items), 10)
  if ("fault" in read) throw new Error(read.fault)
  expect(read.eventId).toBe(eventId)
  expect(read.items.map(({ payload }) => Buffer.from(payload))).toEqual(payloads)
})
