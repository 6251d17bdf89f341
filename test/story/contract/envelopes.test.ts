import { expect, test } from "bun:test"
import { givenContract } from "../../support/contract.ts"
import { AUTH, K1, K2 } from "../../support/door.ts"
import { MULTIPART, multipart } from "../../support/minidump.ts"

/** What every client relies on: what may stand in an envelope, and what becomes of it. */

const { ask, events, attachments, outcomes, sql } = await givenContract()
const ID = "9ec79c33ec9942ab8353589fcb2e04dc"
const post = (body: string | Uint8Array, headers: Record<string, string> = AUTH) =>
  ask("/api/1/envelope/", { headers, body })
const item = (type: string, payload: object | string, headers: object = {}) => {
  const text = typeof payload === "string" ? payload : JSON.stringify(payload)
  return `${JSON.stringify({ type, length: Buffer.byteLength(text), ...headers })}\n${text}`
}
const withId = (...items: string[]) => [JSON.stringify({ event_id: ID }), ...items].join("\n")
const event = item("event", { message: "x" })
const errorsOf = ({ errors }: Record<string, unknown>) =>
  ((errors ?? []) as { type: string }[]).map(({ type }) => type)

test("the DSN of the first line is key enough, and the id of the first line is the event's", async () => {
  const head = JSON.stringify({ event_id: ID, dsn: `http://${K1}@h/1` })
  expect(await post(`${head}\n{"type":"event"}\n{"message":"x"}`, {})).toMatchObject({
    status: 200,
    json: { id: ID },
  })
  expect(await events()).toMatchObject([{ event_id: ID }])
})

test("the envelope's id wins over the event's own", async () => {
  await post(withId(item("event", { event_id: "b".repeat(32) })))
  expect(await events()).toMatchObject([{ event_id: ID }])
})

test("a first line without a DSN, or that is none, is no key", async () => {
  for (const body of ["{}", "x"]) {
    expect(await post(body, {})).toMatchObject({
      status: 401,
      json: { detail: "bad envelope authentication header" },
    })
  }
})

test("a DSN that contradicts the request", async () => {
  expect(await post(`{"dsn":"http://${K2}@h/2"}\n${event}`)).toMatchObject({
    status: 400,
    json: { detail: "invalid event envelope", causes: [expect.stringContaining("mismatch")] },
  })
})

test("a length counts line feeds, too", async () => {
  await post('{}\n{"type":"attachment","length":10,"filename":"a"}\nab\ncd\n12\n3')
  expect(await attachments()).toMatchObject([{ name: "a", text: "ab\ncd\n12\n3" }])
})

test("a wrong length refuses the whole envelope", async () => {
  for (const [length, cause] of [
    [99, "unexpected end of file"],
    [3, "missing newline after header or payload"],
  ]) {
    const body = withId(event, `{"type":"attachment","length":${length}}\nabcdef`)
    expect(await post(body)).toMatchObject({ status: 400, json: { causes: [cause] } })
  }
  expect(await events()).toEqual([])
})

test("no line feed at the end, one, two, and a last item that is only a header", async () => {
  for (const end of ["", "\n", "\n\n", '\n{"type":"attachment","length":0}']) {
    expect(await post(withId(event) + end)).toMatchObject({ status: 200 })
  }
})

test("an item that nobody knows disturbs no event", async () => {
  expect(await post(withId('{"type":"wat","length":3}\nabc', event))).toMatchObject({ status: 200 })
  expect(await events()).toHaveLength(1)
  expect(await outcomes()).toContain("unknown unsupported unknown_item 1")
})

test("unknown items alone, or none at all", async () => {
  expect(await post('{}\n{"type":"wat"}\nx')).toMatchObject({ status: 200, text: "{}" })
  expect(await post("{}")).toMatchObject({ status: 200, text: "{}" })
})

test("of two events one is stored, and the other counted", async () => {
  expect(await post(withId(event, event))).toMatchObject({ status: 200 })
  expect(await events()).toHaveLength(1)
  expect(await outcomes()).toEqual(["error accepted 1", "error invalid duplicate_item 1"])
})

test("an event and its screenshot have one id", async () => {
  await post(withId(event, item("attachment", "png", { filename: "screenshot.png" })))
  expect(await events()).toMatchObject([{ event_id: ID }])
  expect(await attachments()).toMatchObject([{ eventId: ID, name: "screenshot.png" }])
})

test("a time of sending that is none", async () => {
  expect(await post(`{"sent_at":"garbage"}\n${event}`)).toMatchObject({
    status: 400,
    json: { causes: ["invalid envelope header"] },
  })
})

test("a clock that is hours off is set right, minutes are believed", async () => {
  const sentAgo = async (minutes: number) => {
    const at = new Date(Date.now() - minutes * 60_000)
    const head = JSON.stringify({ sent_at: at.toISOString() })
    await post(`${head}\n${item("event", { message: "x", timestamp: at.getTime() / 1000 })}`)
    const [stored = {}] = (await events()).slice(-1)
    await sql`delete from events`
    const age = Date.now() / 1000 - Number(stored.timestamp)
    return [Math.round(age / 60), errorsOf(stored)]
  }
  expect(await sentAgo(120)).toEqual([0, ["clock_drift"]])
  expect(await sentAgo(50)).toEqual([50, []])
})

test("a session or a client's report alone needs no id", async () => {
  expect(await post('{}\n{"type":"session"}\n{}')).toMatchObject({ status: 200, text: "{}" })
  expect(await post('{}\n{"type":"client_report"}\n{}')).toMatchObject({ status: 200, text: "{}" })
})

test("logs that are not as many as their header says", async () => {
  const logs = item("log", { items: [{}] }, { item_count: 5 })
  expect(await post(`{}\n${logs}`)).toMatchObject({ status: 200 })
  expect((await outcomes()).every((each) => each.includes("unsupported log"))).toBe(true)
})

test("a user's report that comes before its event", async () => {
  const report = { event_id: ID, name: "Jane", email: "jane@acme.test", comments: "It broke" }
  expect(await post(`{}\n${item("user_report", report)}`)).toMatchObject({ status: 200 })
  await post(withId(event))
  const rows = await sql`select replace(event_id::text, '-', '') as event_id, message from feedback`
  expect(rows).toMatchObject([{ eventId: ID, message: "It broke" }])
})

test("feedback that says nothing", async () => {
  expect(await post(withId(item("feedback", { contexts: { feedback: {} } })))).toMatchObject({
    status: 200,
  })
  expect(await sql`select from feedback`).toHaveLength(0)
  expect(await outcomes()).toEqual(["feedback invalid payload 1"])
})

test("a compressed envelope whose header says nothing of it", async () => {
  const body = Buffer.from(
    "1f8b0800000000000203abaee5aa562aa92c4855b2522a4e2d2ececccf53020ad5020097bb86c418000000",
    "hex",
  )
  expect(await post(body)).toMatchObject({ status: 200, text: "{}" })
})

test("a file for an event, by its id", async () => {
  const body = multipart([{ name: "file", filename: "a.txt", content: "abc" }])
  const answer = await ask(`/api/1/events/${ID}/attachments/`, {
    headers: { ...AUTH, ...MULTIPART },
    body,
  })
  expect(answer).toMatchObject({ status: 201, text: "" })
  expect(await attachments()).toEqual([{ eventId: ID, name: "a.txt", text: "abc" }])
})

test("an event that is sent twice is stored once, and answered alike", async () => {
  for (let i = 0; i < 2; i++) {
    expect(await post(withId(event))).toMatchObject({ status: 200, json: { id: ID } })
  }
  expect(await events()).toHaveLength(1)
})
