import { expect, test } from "bun:test"
import zlib from "node:zlib"
import { readEnvelope } from "#protocol/envelope.ts"
import { corpus } from "../../bench/corpus.ts"
import { requestTemplate } from "../../bench/request-template.ts"

const target = { host: "127.0.0.1", port: 9000, path: "/api/1/envelope/", publicKey: "k" }

test("slots that are written into a gzip body leave it sound", () => {
  for (const event of corpus("mixed", 1).slice(0, 8)) {
    const template = requestTemplate(event, target, true)
    for (const [n, group] of ["00000001", "00000002"].entries()) {
      const eventId = String(n).repeat(32)
      template.fill({ eventId, group, user: "00000042" })
      const body = template.bytes.subarray(template.bytes.indexOf("\r\n\r\n") + 4)
      const envelope = readEnvelope(zlib.gunzipSync(body), 10)
      if ("fault" in envelope) throw new Error(envelope.fault)
      const sent = JSON.parse(Buffer.from(envelope.items[0]!.payload).toString())
      expect([envelope.eventId, sent.event_id, sent.user.id]).toEqual([
        eventId,
        eventId,
        "00000042",
      ])
      expect(sent.exception.values[0].stacktrace.frames[0].function).toBe(`handle_${group}`)
    }
  }
})

test("the same seed makes the same events, of the sizes they are called by", () => {
  expect(corpus("mixed", 7)).toEqual(corpus("mixed", 7))
  const mean = (texts: string[]) => texts.reduce((sum, text) => sum + text.length, 0) / texts.length
  expect(mean(corpus("small", 1))).toBeWithin(1200, 1700)
  expect(mean(corpus("mixed", 1))).toBeWithin(8500, 10_000)
  expect(mean(corpus("large", 1))).toBeWithin(48_000, 53_000)
})
