import { beforeEach, expect, test } from "bun:test"
import { createLine } from "#pipeline/line.ts"
import { processBatch } from "#pipeline/process-batch.ts"
import { sumOutcomes } from "#stats/outcome-store.ts"
import { urls } from "#urls.ts"
import { tagQuery } from "#web/ui/issues/detail/lists/tag-query.ts"
import { testApp } from "../support/app.ts"
import { AUTH, givenDoor, givenProjects, K1 } from "../support/door.ts"
import { givenMember } from "../support/issues.ts"
import { batchOf, recordOf } from "../support/line.ts"
import { givenDays } from "../support/occurrences.ts"
import { signIn } from "../support/pages.ts"

/** What clients put into envelopes, from the door through the worker to the page. */

const app = await testApp()
const TODAY = new Date().toISOString().slice(0, 10)
await givenDays(app.sql, [TODAY])
await givenProjects(app.sql)
const place = { organizationId: "1", projectId: "1", slug: "acme" }
const ann = await signIn(app, await givenMember(app, place, { name: "Ann", role: "owner" }))
const door = await givenDoor(app.sql, { blobs: app.blobs })
const line = createLine(app)
let id: string

beforeEach(async () => {
  door.messages.length = 0
  id = crypto.randomUUID().replaceAll("-", "")
  await app.sql`delete from outcome_hours`
  await app.sql`delete from feedback`
})

/** Posts an envelope and has the worker take what came of it. */
async function post(body: string, headers: Record<string, string> = AUTH) {
  const answer = await door.send("/api/1/envelope/", { headers, body })
  await work()
  return answer
}
async function work() {
  const records = door.messages.splice(0).map((message) => recordOf(message))
  if (records.length > 0) await processBatch(line, batchOf(records), new AbortController().signal)
}
const withId = (...items: string[]) => [JSON.stringify({ event_id: id }), ...items].join("\n")
const item = (type: string, payload: string, headers: object = {}) =>
  `${JSON.stringify({ type, length: Buffer.byteLength(payload), ...headers })}\n${payload}`
const event = item("event", '{"message":"the shop is closed"}')

async function outcomes() {
  const to = new Date(Date.now() + 3_600_000)
  const rows = await sumOutcomes(app.sql, { projectId: "1", from: new Date(0), to })
  return rows.map((row) =>
    [row.category, row.outcome, row.reason, row.quantity].filter(Boolean).join(" "),
  )
}
async function pageOf(eventId: string) {
  const [stored] = await app.sql`select issue_id from events where event_id = ${eventId}::uuid`
  if (!stored) return null
  const path = urls.event("acme", stored.issueId, eventId)
  return (await ann.get(path)).text()
}
const blobsOf = async (eventId: string) => {
  const rows = await app.sql`
    select blob_key from attachments where event_id = ${eventId}::uuid order by id`
  return Promise.all(
    rows.map(async ({ blobKey }) => Buffer.from((await app.blobs.get(blobKey)) ?? []).toString()),
  )
}

test("a length counts line feeds too: the attachment is exactly these ten bytes", async () => {
  const answer = await post('{}\n{"type":"attachment","length":10,"filename":"a"}\nab\ncd\n12\n3')
  const { id: given } = answer.json as { id: string }
  expect(await blobsOf(given)).toEqual(["ab\ncd\n12\n3"])
})

test("an unknown item is ignored and counted, the event beside it shows on its page", async () => {
  expect(await post(withId('{"type":"wat","length":3}\nabc', event))).toMatchObject({ status: 200 })
  expect(await pageOf(id)).toContain("the shop is closed")
  expect(await outcomes()).toEqual(["error accepted 1", "unknown unsupported unknown_item 1"])
})

test("only unknown items, or none, are fine and store nothing", async () => {
  expect(await post('{}\n{"type":"wat"}\nx')).toMatchObject({ status: 200, json: {} })
  expect(await post("{}")).toMatchObject({ status: 200, json: {} })
  expect(await outcomes()).toEqual(["unknown unsupported unknown_item 1"])
})

test("of two events one is stored, the other ends as a duplicate item", async () => {
  expect(await post(withId(event, event))).toMatchObject({ status: 200, json: { id } })
  expect(await outcomes()).toEqual(["error accepted 1", "error invalid duplicate_item 1"])
  expect(await app.sql`select from events where event_id = ${id}::uuid`).toHaveLength(1)
})

test("an event and its screenshot are both found under the id that was answered", async () => {
  const png = "\u0089PNG\r\n\u001a\n"
  const bytes = Buffer.from(png, "latin1")
  const head = Buffer.from(
    `${withId(event)}\n{"type":"attachment","length":${bytes.length},"filename":"screenshot.png"}\n`,
  )
  await door.send("/api/1/envelope/", { headers: AUTH, body: Buffer.concat([head, bytes]) })
  await work()
  const page = await pageOf(id)
  expect(page).toContain("the shop is closed")
  expect(page).toMatch(/<img src="[^"]*\/attachments\/\d+\/\?view" alt="screenshot.png"/)
})

test("a large attachment reaches the same page by way of the blob store", async () => {
  const text = "a line of a log\n".repeat(10_000)
  await post(withId(event, item("attachment", text, { filename: "app.log" })))
  const [kept] = await blobsOf(id)
  expect(kept?.length).toBe(text.length)
  const page = (await pageOf(id)) ?? ""
  expect(page).toContain("156.3 KiB")
  const [href = ""] = /\/organizations\/acme\/[^"]*\/attachments\/\d+\//.exec(page) ?? []
  expect(await (await ann.get(href)).text()).toBe(text)
})

test("sessions and client reports alone are taken without an id", async () => {
  expect((await post('{}\n{"type":"session"}\n{}')).text).toBe("{}")
  const report =
    '{"discarded_events":[{"reason":"queue_overflow","category":"error","quantity":2}]}'
  expect((await post(`{}\n${item("client_report", report)}`)).text).toBe("{}")
  expect(await outcomes()).toEqual([
    "error client_discard queue_overflow 2",
    "internal accepted 1",
    "session unsupported session 1",
  ])
})

test("logs whose number is not what their header says disturb nobody", async () => {
  const logs = item("log", '{"items":[{"level":"info","body":"x"}]}', { item_count: 3 })
  expect(await post(withId(logs, event))).toMatchObject({ status: 200 })
  expect(await pageOf(id)).toContain("the shop is closed")
  expect(await outcomes()).toContain("log_item unsupported log 3")
})

test("a user report that comes before its event stands on the event's page", async () => {
  const said = {
    event_id: id,
    name: "Jane",
    email: "jane@x.test",
    comments: "It was already closed",
  }
  expect(await post(withId(item("user_report", JSON.stringify(said))))).toMatchObject({
    status: 200,
  })
  await post(withId(event))
  expect(await pageOf(id)).toContain("It was already closed")
})

test("feedback that says nothing is dropped, and answered all the same", async () => {
  const empty = item("feedback", '{"contexts":{"feedback":{"name":"Jane"}}}')
  expect(await post(withId(empty))).toMatchObject({ status: 200 })
  const said = item("feedback", '{"contexts":{"feedback":{"message":"Longer hours, please"}}}')
  id = crypto.randomUUID().replaceAll("-", "")
  expect(await post(withId(said))).toMatchObject({ status: 200, json: { id } })
  expect(await outcomes()).toEqual(["feedback accepted 1", "feedback invalid payload 1"])
  expect(await (await ann.get(urls.feedback("acme"))).text()).toContain("Longer hours, please")
})

test("a compressed envelope with a session that says nothing is taken, the session is not", async () => {
  const hex =
    "1f8b0800000000000203abaee5aa562aa92c4855b2522a4e2d2ececccf53020ad5020097bb86c418000000"
  const headers = { ...AUTH, "Content-Encoding": "gzip" }
  const body = new Uint8Array(Buffer.from(hex, "hex"))
  expect((await door.send("/api/1/envelope/", { headers, body })).text).toBe("{}")
  await work()
  expect(await outcomes()).toEqual(["session unsupported session 1"])
})

test("an attachment that comes after its event joins it", async () => {
  await post(withId(event))
  expect(await post(withId(item("attachment", "late", { filename: "late.log" })))).toMatchObject({
    status: 200,
    json: { id },
  })
  expect(await pageOf(id)).toContain("late.log")
})

test("transactions, whatever is in them, end as what has no feature", async () => {
  const trace = { trace_id: "1".repeat(32), span_id: "2".repeat(16) }
  const transactions = [
    { type: "transaction", start_timestamp: 1, timestamp: 2 },
    { type: "transaction", contexts: { trace }, start_timestamp: 2, timestamp: 1 },
    { type: "transaction", contexts: { trace }, start_timestamp: 1, timestamp: 2, spans: [] },
  ]
  for (const transaction of transactions) {
    await post(`{}\n${item("transaction", JSON.stringify(transaction))}`)
  }
  expect(await outcomes()).toEqual(["transaction unsupported transaction 3"])
  expect(await app.sql`select from events where type = 'transaction'`).toHaveLength(0)
})

test("a limited event falls with its attachment; the session beside it goes on, and the client is told", async () => {
  const strict = await givenDoor(app.sql, {
    blobs: app.blobs,
    config: { "quota.project-default": 1 },
  })
  const body = () => withId(event, item("attachment", "12345"), item("session", "{}"))
  await strict.send("/api/1/envelope/", { headers: AUTH, body: body() })
  id = crypto.randomUUID().replaceAll("-", "")
  const answer = await strict.send("/api/1/envelope/", { headers: AUTH, body: body() })
  expect(answer.status).toBe(200)
  expect(answer.headers.get("x-sentry-rate-limits")).toContain(":error;default:")
  door.messages.push(...strict.messages)
  await work()
  expect(await outcomes()).toEqual([
    "attachment accepted 5",
    "attachment rate_limited project_quota 5",
    "attachment_item accepted 1",
    "attachment_item rate_limited project_quota 1",
    "error accepted 1",
    "error rate_limited project_quota 1",
    "session unsupported session 2",
  ])
})

test("a browser's report of a violated policy becomes an issue that says what was blocked", async () => {
  const report = {
    "csp-report": {
      "document-uri": "https://e.com",
      "violated-directive": "img-src 'self'",
      "blocked-uri": "https://evil.com/x.png",
    },
  }
  const answer = await door.send(`/api/1/security/?sentry_key=${K1}`, {
    headers: { "Content-Type": "application/csp-report" },
    body: JSON.stringify(report),
  })
  expect([answer.status, answer.text]).toEqual([200, ""])
  await work()
  const [issue] = await app.sql`select title, culprit, type from issues where type = 'csp'`
  expect(issue).toEqual({
    title: "Blocked 'image' from 'evil.com'",
    culprit: "img-src 'self'",
    type: "csp",
  })
  const [stored] = await app.sql`
    select replace(event_id::text, '-', '') as event_id from events where type = 'csp'`
  const page = (await pageOf(stored!.eventId)) ?? ""
  const tagged = (key: string, value: string) =>
    `?query=${encodeURIComponent(tagQuery(key, value))}`
  expect(page).toContain(tagged("effective-directive", "img-src"))
  expect(page).toContain(tagged("blocked-uri", "https://evil.com/x.png"))
  expect(await outcomes()).toEqual(["security accepted 1"])
})
