import { readEnvelope } from "#protocol/envelope.ts"
import { writeEnvelope } from "#protocol/envelope-writer.ts"
import { bodyOf, type Fixture, type FixtureRequest } from "./fixtures.ts"
import type { Post } from "./post-and-look.ts"

/** The text of the event that a captured request holds; null when it holds none. */
export function eventOf(fixture: Fixture): string | null {
  const image = new URLSearchParams(fixture.path.split("?")[1] ?? "").get("sentry_data")
  if (image) return image
  const body = bodyOf(fixture)
  if (fixture.file?.endsWith("report.json")) return null
  if (fixture.file?.endsWith(".json")) return body.toString()
  const envelope = readEnvelope(body, 100)
  if ("fault" in envelope) throw new Error(`${fixture.file}: ${envelope.fault}`)
  const item = envelope.items.find(({ type }) => type === "event")
  return item ? Buffer.from(item.payload).toString() : null
}

/** An event as a body of the store endpoint. */
export function storePost(name: string, event: string, dsn: string): Post {
  const request = requestTo("store", dsn, Buffer.from(event))
  return { name, endpoint: "store", dsn, request, hasEvent: true }
}

/** The same in an envelope. */
export function envelopePost(name: string, event: string, dsn: string): Post {
  const { event_id: eventId = crypto.randomUUID().replaceAll("-", "") } = JSON.parse(event)
  const item = { type: "event", headers: {}, payload: Buffer.from(event) }
  const body = writeEnvelope({ event_id: eventId, dsn }, [item])
  const request = requestTo("envelope", dsn, Buffer.from(body))
  return { name, endpoint: "envelope", dsn, request, hasEvent: true }
}

function requestTo(endpoint: string, dsn: string, body: Buffer<ArrayBuffer>): FixtureRequest {
  const { username, pathname } = new URL(dsn)
  const auth = `Sentry sentry_version=7, sentry_client=sample/1, sentry_key=${username}`
  const path = `/api${pathname}/${endpoint}/`
  return { method: "POST", path, headers: { "x-sentry-auth": auth }, body }
}
