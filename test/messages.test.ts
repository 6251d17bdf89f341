import { expect, test } from "bun:test"
import fc from "fast-check"
import { decodeMessage, encodeMessage, type IngestMessage } from "#messages.ts"

const message: IngestMessage = {
  id: "019ab3a0-0000-7000-8000-000000000001",
  projectId: "42",
  keyId: "7",
  organizationId: "1",
  publicKey: "0123456789abcdef0123456789abcdef",
  receivedAt: 1_769_000_000_123,
  receivedDay: "2026-01-21",
  kind: "envelope",
  encoding: ["gzip"],
  unverified: false,
  origin: null,
  clientAddress: "192.0.2.1",
  userAgent: "sentry/1",
  client: "sentry.python/2.30.0",
  eventId: "9ec79c33ec9942ab8353589fcb2e04dc",
  dropped: [{ category: "error", outcome: "invalid", reason: "too_large", quantity: 1 }],
  body: Uint8Array.of(),
}

test("a message comes back as it went in, whatever text and bytes it holds", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.uint8Array(), (userAgent, body) => {
      const back = decodeMessage(encodeMessage({ ...message, userAgent, body }))
      expect({ ...back, body: [...back.body] }).toEqual({ ...message, userAgent, body: [...body] })
    }),
  )
})

test("a message of another version is named, not guessed at", () => {
  const bytes = encodeMessage(message)
  bytes[0] = 99
  expect(() => decodeMessage(bytes)).toThrow("unknown version 99")
})

test("a message that is cut short is an error", () => {
  expect(() => decodeMessage(encodeMessage(message).subarray(0, 20))).toThrow("cut short")
  expect(() => decodeMessage(Uint8Array.of(1))).toThrow()
})
