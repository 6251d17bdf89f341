import { beforeEach, expect, test } from "bun:test"
import { readEnvelope } from "#protocol/envelope.ts"
import { testDatabase } from "../../support/database.ts"
import { DISABLED, givenDoor, givenProjects, K1, K2 } from "../../support/door.ts"

const { sql } = await testDatabase()
await givenProjects(sql)
await sql`update projects set settings = ${sql.json({ allowedDomains: ["shop.test"] })} where id = 2`
const door = await givenDoor(sql)

beforeEach(() => {
  door.messages.length = 0
})

const ID = "9ec79c33ec9942ab8353589fcb2e04dc"
const dsn = (key = K1, project = "1") => `https://${key}@sentry.test/${project}`
const path = (given: Record<string, string> = {}) =>
  `/api/embed/error-page/?${new URLSearchParams({ dsn: dsn(), eventId: ID, ...given })}`
const get = (given?: Record<string, string>, headers: Record<string, string> = {}) =>
  door.ask(path(given), { method: "GET", headers })
const post = (fields: Record<string, string>, given?: Record<string, string>) =>
  door.ask(path(given), { body: new URLSearchParams(fields) })

test("the script runs in pages of other origins, and sets no cookie", async () => {
  const answer = await get({}, { Origin: "https://shop.test" })
  expect(answer.status).toBe(200)
  expect(answer.text).toContain("attachShadow")
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    "content-type": "text/javascript; charset=utf-8",
    "access-control-allow-origin": "https://shop.test",
    "cross-origin-resource-policy": "cross-origin",
    "x-content-type-options": "nosniff",
    vary: "Accept, Origin",
  })
  expect(answer.headers.has("set-cookie")).toBe(false)
  expect(answer.headers.has("access-control-allow-credentials")).toBe(false)
})

test("nothing of the address is written into the script", async () => {
  const answer = await get({ title: "</script>'\"`evil", name: "evil" })
  expect(answer.text).not.toContain("evil")
})

test("a bad event id, no comments", async () => {
  for (const eventId of ["bad", "", `${ID}0`]) {
    expect(await get({ eventId })).toMatchObject({
      status: 400,
      json: { eventId: "Missing or invalid parameter." },
    })
  }
  const answer = await post({ name: "Jane", email: "jane@shop.test" })
  expect(answer).toMatchObject({
    status: 400,
    json: { errors: { comments: ["This field is required."] } },
  })
  expect(door.messages).toEqual([])
})

test("a DSN that is missing, unknown, switched off or of another project: 404", async () => {
  for (const given of ["", "x", dsn("9".repeat(32)), dsn(DISABLED), dsn(K1, "2"), dsn("abc")]) {
    expect(await get({ dsn: given })).toMatchObject({
      status: 404,
      json: { dsn: "Missing or invalid parameter." },
    })
  }
})

test("what is wrong is in a header where a script was asked for", async () => {
  const answer = await get({ eventId: "bad" }, { Accept: "text/javascript" })
  expect([answer.status, answer.text]).toEqual([400, ""])
  expect(JSON.parse(answer.headers.get("x-sentry-context") ?? "")).toHaveProperty("eventId")
})

test("pages of other domains than the project allows are refused script and report", async () => {
  const own = { dsn: dsn(K2, "2") }
  expect(await get(own, { Origin: "https://shop.test" })).toMatchObject({ status: 200 })
  expect(await get(own, { Referer: "https://evil.test/" })).toMatchObject({ status: 403 })
  const body = new URLSearchParams({ comments: "x" })
  const init = { headers: { Origin: "https://evil.test" }, body }
  expect(await door.ask(path(own), init)).toMatchObject({ status: 403 })
  expect(door.messages).toEqual([])
})

test("a report goes the way of events, as an item about the event", async () => {
  const fields = { name: " Jane ", email: "jane@shop.test", comments: "I clicked <b>twice</b>" }
  expect(await post(fields)).toMatchObject({ status: 200, json: {} })
  expect(door.messages).toMatchObject([{ projectId: "1", keyId: "1", eventId: ID }])
  const envelope = readEnvelope(door.messages[0]!.body, 10)
  if ("fault" in envelope) throw new Error(envelope.fault)
  const [item] = envelope.items
  expect(item?.type).toBe("user_report")
  expect(JSON.parse(Buffer.from(item!.payload).toString())).toEqual({
    event_id: ID,
    name: "Jane",
    email: "jane@shop.test",
    comments: "I clicked <b>twice</b>",
  })
})

test("what is too long or no address is told for each field; name and address may be missing", async () => {
  const answer = await post({ name: "x".repeat(129), email: "jane", comments: "x".repeat(4097) })
  expect(answer).toMatchObject({
    status: 400,
    json: {
      errors: {
        name: ["Ensure this field has no more than 128 characters."],
        email: ["Enter a valid email address."],
        comments: ["Ensure this field has no more than 4096 characters."],
      },
    },
  })
  expect(await post({ comments: "x".repeat(70_000) })).toMatchObject({ status: 413 })
  expect(await post({ comments: "It broke" })).toMatchObject({ status: 200 })
})

test("preflights are answered, other methods are not", async () => {
  const preflight = await door.ask(path(), {
    method: "OPTIONS",
    headers: { Origin: "https://a.test" },
  })
  expect(preflight.status).toBe(200)
  expect(preflight.headers.get("access-control-allow-methods")).toBe("GET, POST, OPTIONS")
  expect(preflight.headers.get("access-control-max-age")).toBe("1000")
  expect(await door.ask(path(), { method: "PUT" })).toMatchObject({ status: 405 })
  expect(
    await door.ask(path().replace("error-page/", "error-page").replace("/api", "//api"), {
      method: "GET",
    }),
  ).toMatchObject({
    status: 200,
  })
})
