import { beforeEach, expect, test } from "bun:test"
import zlib from "node:zlib"
import { readEnvelope } from "#protocol/envelope.ts"
import { testDatabase } from "../../support/database.ts"
import { AUTH, givenDoor, givenProjects, K1, K2 } from "../../support/door.ts"

const { sql } = await testDatabase()
await givenProjects(sql)
const door = await givenDoor(sql)

beforeEach(() => {
  door.messages.length = 0
})

const ID = "9ec79c33ec9942ab8353589fcb2e04dc"
const OTHER = "b".repeat(32)

const send = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = AUTH) =>
  door.send("/api/1/envelope/", { headers, body })
const withId = (...items: string[]) => [`{"event_id":"${ID}"}`, ...items].join("\n")
const event = '{"type":"event"}\n{"message":"x"}'

/** The item types that went on to the worker. */
function sentOn(): string[] {
  const envelope = readEnvelope(door.messages.at(-1)!.body, 100)
  return "fault" in envelope ? [envelope.fault] : envelope.items.map((item) => item.type)
}

test("the DSN in the first line is credentials enough", async () => {
  const body = `{"event_id":"${ID}","dsn":"http://${K1}@h/1"}\n${event}`
  expect(await send(body, {})).toMatchObject({ status: 200, json: { id: ID } })
  expect(door.messages).toMatchObject([{ projectId: "1", kind: "envelope", eventId: ID }])
})

test("the envelope's id wins over the event's; without one the event's counts", async () => {
  const item = `{"type":"event"}\n{"event_id":"${OTHER}"}`
  expect(await send(withId(item))).toMatchObject({ json: { id: ID } })
  expect(await send(`{}\n${item}`)).toMatchObject({ json: { id: OTHER } })
  expect(await send(`{}\n{"type":"event"}\n{"event_id":"zz"}`)).toMatchObject({
    status: 200,
    json: { id: expect.stringMatching(/^[0-9a-f]{32}$/) },
  })
})

test("a replay needs an id, sessions and reports of clients do not", async () => {
  const idOf = async (item: string) => ((await send(`{}\n${item}`)).json as { id?: string }).id
  for (const type of ["replay_event", "feedback", "attachment", "user_report", "profile"]) {
    const id = await idOf(`{"type":"${type}"}\n{"a":1}`)
    expect([type, id]).toEqual([type, expect.stringMatching(/^[0-9a-f]{32}$/)])
  }
  for (const type of ["replay_recording", "session", "client_report", "check_in", "log"]) {
    expect([type, await idOf(`{"type":"${type}"}\n{"a":1}`)]).toEqual([type, undefined])
  }
})

test("without any credentials: 401, whatever the first line is", async () => {
  for (const body of ["{}", "x", `{}\n${event}`, '{"dsn":5}']) {
    expect(await send(body, {})).toMatchObject({
      status: 401,
      json: { detail: "bad envelope authentication header" },
    })
  }
})

test("a DSN of another key or project than the request's: 400", async () => {
  expect(await send(`{"dsn":"http://${K2}@h/1"}\n${event}`)).toMatchObject({
    status: 400,
    json: {
      detail: "invalid event envelope",
      causes: ["public key header mismatch between envelope and request"],
    },
  })
  expect(await send(`{"dsn":"http://${K1}@h/2"}\n${event}`)).toMatchObject({
    status: 400,
    json: { causes: ["project id header mismatch between envelope and request"] },
  })
  expect(await send(`{"dsn":"http://${K2}@h/2"}\n${event}`, {})).toMatchObject({ status: 403 })
})

test("broken framing refuses the whole envelope and nothing is queued", async () => {
  const broken: [string, string][] = [
    [`{}\n{"type":"event","length":99}\n{}`, "unexpected end of file"],
    [`{}\n{"type":"event","length":1}\n{}`, "missing newline after header or payload"],
    [`{}\n${event}\n{"length":1}\nx`, "invalid item header"],
    ['{"sent_at":"garbage"}', "invalid envelope header"],
    ['{"event_id":"zz"}', "invalid envelope header"],
    [" \n", "missing envelope header"],
    [`{}\n${'{"type":"a"}\n\n'.repeat(101)}`, "too many items"],
  ]
  for (const [body, cause] of broken) {
    expect(await send(body)).toMatchObject({
      status: 400,
      json: { detail: "invalid event envelope", causes: [cause] },
    })
  }
  expect(await send("")).toMatchObject({ status: 400, json: { detail: "empty request body" } })
  expect(door.messages).toEqual([])
})

test("a million empty items and a header of 10 MB are a 400", async () => {
  for (const body of [
    `{}\n${'{"type":"a"}\n\n'.repeat(1_000_000)}`,
    `{"a":"${"x".repeat(10_000_000)}"}`,
  ]) {
    expect(await send(body)).toMatchObject({ status: 400 })
  }
})

test("line ends that clients write", async () => {
  for (const end of ["", "\n", "\n\n"]) {
    expect(await send(withId(event) + end)).toMatchObject({ status: 200, json: { id: ID } })
  }
  expect(await send(withId('{"type":"attachment","length":0}'))).toMatchObject({ status: 200 })
  expect(await send(withId(event).replaceAll("\n", "\r\n"))).toMatchObject({ status: 200 })
})

test("any content type is fine: browsers' beacons send text", async () => {
  const headers = { "Content-Type": "text/plain;charset=UTF-8" }
  const path = `/api/1/envelope/?sentry_key=${K1}&sentry_version=7`
  expect(await door.send(path, { headers, body: withId(event) })).toMatchObject({ status: 200 })
})

test("unknown items never stand in the way and travel on as they are", async () => {
  const wire = withId('{"type":"wat","length":3}\nabc', event)
  expect(await send(wire)).toMatchObject({ status: 200, json: { id: ID } })
  expect(Buffer.from(door.messages[0]!.body).toString()).toBe(wire)
})

test("only unknown items, no items: 200 without an id", async () => {
  expect(await send('{}\n{"type":"wat"}\nx')).toMatchObject({ status: 200, json: {} })
  expect(door.messages).toMatchObject([{ eventId: null }])
  expect((await send("{}")).text).toBe("{}")
  expect(door.messages).toHaveLength(1)
})

test("sessions and client reports need no id", async () => {
  for (const type of ["session", "sessions", "client_report"]) {
    expect((await send(`{}\n{"type":"${type}"}\n{}`)).text).toBe("{}")
  }
  expect(door.messages.map((message) => message.eventId)).toEqual([null, null, null])
})

test("an attachment alone gets an id to belong to", async () => {
  expect(await send('{}\n{"type":"attachment","length":2}\nab')).toMatchObject({
    json: { id: expect.stringMatching(/^[0-9a-f]{32}$/) },
  })
})

test("the second event is dropped with an outcome, its neighbours are kept", async () => {
  const body = withId(event, event, '{"type":"session"}\n{}')
  expect(await send(body)).toMatchObject({ status: 200, json: { id: ID } })
  expect(sentOn()).toEqual(["event", "session"])
  expect(door.messages[0]!.dropped).toEqual([
    { category: "error", outcome: "invalid", reason: "duplicate_item", quantity: 1 },
  ])
})

test("an error is kept before a transaction, whichever stands first", async () => {
  await send(withId('{"type":"transaction"}\n{}', event))
  expect(sentOn()).toEqual(["event"])
  expect(door.messages[0]!.dropped).toEqual([
    { category: "transaction", outcome: "invalid", reason: "duplicate_item", quantity: 1 },
  ])
})

test("an error is kept before a network report, whichever stands first", async () => {
  const body = `{"event_id":"${ID}"}\n{"type":"nel"}\n{}\n{"type":"event"}\n{"message":"hi"}\n`
  expect(await door.send("/api/1/envelope/", { headers: AUTH, body })).toMatchObject({
    status: 200,
  })
  expect(new TextDecoder().decode(door.messages.at(-1)!.body)).toContain('"message":"hi"')
})

test("blanks by the megabyte are not carried to the worker", async () => {
  const items = `{"event_id":"${ID}"}\n{"type":"event"}\n{"message":"hi"}\n`
  const body = zlib.gzipSync(items + "\n".repeat(50 * 1024 * 1024))
  const headers = { ...AUTH, "Content-Encoding": "gzip" }
  expect(await door.send("/api/1/envelope/", { headers, body })).toMatchObject({ status: 200 })
  expect(door.messages.at(-1)).toMatchObject({ encoding: [] })
  expect(new TextDecoder().decode(door.messages.at(-1)!.body)).toBe(items.trimEnd())
})

test("an oversize event is dropped with its attachments; the rest is kept", async () => {
  const large = `{"type":"event"}\n{"message":"${"x".repeat(1024 * 1024)}"}`
  const attachment = '{"type":"attachment","length":2}\nab'
  expect(await send(withId(large, attachment, '{"type":"session"}\n{}'))).toMatchObject({
    status: 200,
  })
  expect(sentOn()).toEqual(["session"])
  expect(door.messages[0]!.dropped).toEqual([
    { category: "error", outcome: "invalid", reason: "too_large", quantity: 1 },
    { category: "attachment", outcome: "invalid", reason: "too_large", quantity: 2 },
    { category: "attachment_item", outcome: "invalid", reason: "too_large", quantity: 1 },
  ])
})

test("what was dropped is accounted for even when nothing is left", async () => {
  const large = `{"type":"event"}\n{"message":"${"x".repeat(1024 * 1024)}"}`
  expect(await send(withId(large))).toMatchObject({ status: 200, json: { id: ID } })
  expect(sentOn()).toEqual([])
  expect(door.messages[0]!.dropped).toHaveLength(1)
})

const large = (type: string, headers = "") =>
  `{"type":"${type}","length":70000${headers}}\n${"\n".repeat(70_000)}`

test("a large attachment goes to the blob store before the answer, the event to the queue", async () => {
  const body = withId(event, large("attachment", ',"filename":"screenshot.png"'))
  expect(await send(body)).toMatchObject({ status: 200, json: { id: ID } })
  expect(sentOn()).toEqual(["event"])
  const [parked] = door.messages[0]!.parked ?? []
  expect(parked).toMatchObject({ name: "screenshot.png", size: 70_000, type: "event.attachment" })
  expect(door.messages[0]!.dropped).toEqual([])
  expect((await door.blobs.get(parked!.blobKey))?.length).toBe(70_000)
})

test("a large attachment that cannot be stored is counted, and its event goes on", async () => {
  const blobs = { ...door.blobs, put: () => Promise.reject(new Error("no space left")) }
  const fullDoor = await givenDoor(sql, { blobs })
  const body = withId(event, large("attachment"))
  expect(await fullDoor.send("/api/1/envelope/", { headers: AUTH, body })).toMatchObject({
    status: 200,
  })
  expect(fullDoor.messages[0]).not.toHaveProperty("parked")
  expect(fullDoor.messages[0]!.dropped).toEqual([
    { category: "attachment", outcome: "discarded", reason: "blob_store", quantity: 70_000 },
    { category: "attachment_item", outcome: "discarded", reason: "blob_store", quantity: 1 },
  ])
})

test("an attachment above the limit is dropped, and so is what is large and nobody reads", async () => {
  const config = { "ingest.max-attachment-bytes": 69_999 }
  const strictDoor = await givenDoor(sql, { config })
  const body = withId(event, large("attachment"), large("profile"), large("wat"))
  await strictDoor.send("/api/1/envelope/", { headers: AUTH, body })
  expect(strictDoor.messages[0]!.dropped).toEqual([
    { category: "attachment", outcome: "invalid", reason: "too_large", quantity: 70_000 },
    { category: "attachment_item", outcome: "invalid", reason: "too_large", quantity: 1 },
    { category: "profile", outcome: "unsupported", reason: "profile", quantity: 1 },
    { category: "unknown", outcome: "unsupported", reason: "unknown_item", quantity: 1 },
  ])
})

test("what a dying process left of its event travels like an event", async () => {
  await send(withId(large("attachment", ',"attachment_type":"event.payload"')))
  expect(sentOn()).toEqual(["attachment"])
  expect(door.messages[0]).not.toHaveProperty("parked")
})

test("a client cannot name a blob of somebody else's as its attachment", async () => {
  const forged = '{"type":"attachment","length":1,"blobKey":"attachments/x","blob_key":"y"}\nx'
  await send(withId(event, forged))
  expect(door.messages[0]).not.toHaveProperty("parked")
})

test("an event that is no JSON is told when it was alone, and dropped when it was not", async () => {
  expect(await send(withId('{"type":"event"}\n{bad'))).toMatchObject({
    status: 400,
    json: { detail: "invalid JSON data" },
  })
  const deep = `{"type":"event"}\n{"a":${"[".repeat(1000)}${"]".repeat(1000)}}`
  expect(await send(withId(deep))).toMatchObject({ status: 400 })
  expect(door.messages).toEqual([])

  expect(await send(withId(deep, '{"type":"session"}\n{}'))).toMatchObject({ status: 200 })
  expect(sentOn()).toEqual(["session"])
  expect(door.messages[0]!.dropped).toMatchObject([{ reason: "invalid_json", quantity: 1 }])
})

test("a compressed envelope as a real SDK sent it", async () => {
  const hex =
    "1f8b0800000000000203abaee5aa562aa92c4855b2522a4e2d2ececccf53020ad5020097bb86c418000000"
  const body = new Uint8Array(Buffer.from(hex, "hex"))
  const answer = await send(body, { ...AUTH, "Content-Encoding": "gzip" })
  expect(answer).toMatchObject({ status: 200, text: "{}" })
  expect(door.messages).toMatchObject([{ encoding: ["gzip"] }])
})
