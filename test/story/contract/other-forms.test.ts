import { expect, test } from "bun:test"
import type { NormalizedEvent } from "#normalize/event.ts"
import { tagsOf } from "#normalize/event-tags.ts"
import { givenContract } from "../../support/contract.ts"
import { K1 } from "../../support/door.ts"
import { MULTIPART, minidump, multipart } from "../../support/minidump.ts"

/** What every client relies on: crashes, reports and check-ins, which come neither as an event nor in an envelope. */

const { ask, events, attachments, outcomes, sql } = await givenContract()
const QUERY = `?sentry_key=${K1}`

test("a minidump becomes a fatal event, keeps its file and is answered with a dashed uuid", async () => {
  const body = multipart([
    { name: "sentry[release]", content: "shop@1" },
    { name: "upload_file_minidump", filename: "till.dmp", content: minidump({ bytes: 100_000 }) },
  ])
  const answer = await ask(`/api/1/minidump/${QUERY}`, { headers: MULTIPART, body })
  expect(answer.status).toBe(200)
  expect(answer.text).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/)
  const eventId = answer.text.replaceAll("-", "")
  expect(await events()).toMatchObject([
    { event_id: eventId, level: "fatal", platform: "native", release: "shop@1" },
  ])
  const [file] = await attachments()
  expect(file).toMatchObject({ eventId, name: "till.dmp" })
  expect(file?.text.length).toBe(100_000)
})

test("what is no minidump, and a form without one", async () => {
  const invalid = await ask(`/api/1/minidump/${QUERY}`, { headers: {}, body: "xxxx" })
  expect(invalid).toMatchObject({ status: 400, json: { detail: "invalid minidump" } })
  const body = multipart([{ name: "prod", content: "Shop" }])
  const missing = await ask(`/api/1/minidump/${QUERY}`, { headers: MULTIPART, body })
  expect(missing).toMatchObject({ status: 400, json: { detail: "missing minidump" } })
  expect(await outcomes()).toEqual([
    "error invalid invalid_minidump 1",
    "error invalid missing_minidump 1",
  ])
})

test("an Unreal crash becomes a fatal event beside its archive", async () => {
  const answer = await ask(`/api/1/unreal/${K1}/?UserID=ann`, { headers: {}, body: "archive" })
  expect(answer.status).toBe(200)
  expect(await events()).toMatchObject([
    { level: "fatal", platform: "native", user: { id: "ann" } },
  ])
  expect(await attachments()).toMatchObject([{ name: "crash.uecrash", text: "archive" }])
})

test("a violated policy becomes an event that says what was blocked from where", async () => {
  const report = {
    "csp-report": {
      "document-uri": "https://e.com",
      "violated-directive": "img-src 'self'",
      "blocked-uri": "https://evil.com/x.png",
    },
  }
  const headers = { "Content-Type": "application/csp-report" }
  const answer = await ask(`/api/1/security/${QUERY}`, { headers, body: JSON.stringify(report) })
  expect(answer).toMatchObject({ status: 200, text: "" })
  const [issue] = await sql`select title, culprit from issues where project_id = 1 and type = 'csp'`
  expect(issue).toEqual({ title: "Blocked 'image' from 'evil.com'", culprit: "img-src 'self'" })
  const [event] = await events()
  expect(Object.fromEntries(tagsOf(event as NormalizedEvent))).toMatchObject({
    "effective-directive": "img-src",
    "blocked-uri": "https://evil.com/x.png",
  })
})

test("a report of a browser that is of no known type", async () => {
  const headers = { "Content-Type": "text/html" }
  expect(await ask(`/api/1/security/${QUERY}`, { headers, body: "{}" })).toMatchObject({
    status: 415,
  })
})

test("a check-in of a job by its address is taken, and counted as what has no feature yet", async () => {
  const answer = await ask(`/api/1/cron/job/${K1}/?status=error`, { method: "GET", headers: {} })
  expect(answer).toMatchObject({ status: 202, text: "" })
  expect(await outcomes()).toEqual(["monitor unsupported check_in 1"])
})

test("a check-in that says nothing is refused, and counted as what it should have been", async () => {
  expect(await ask(`/api/1/cron/job/${K1}/`, { headers: {} })).toMatchObject({ status: 400 })
  expect(await outcomes()).toEqual(["monitor invalid invalid_check_in 1"])
})

test("the loader script of a key that nobody knows does nothing, and breaks nothing", async () => {
  const answer = await ask("/js-sdk-loader/unknown.min.js", { method: "GET" })
  expect([answer.status, answer.headers.get("content-type")]).toEqual([
    200,
    "text/javascript; charset=utf-8",
  ])
})

test("the report dialog names what is missing, and stores what was written", async () => {
  const path = (eventId: string) => `/api/embed/error-page/?dsn=http://${K1}@h/1&eventId=${eventId}`
  const id = "9ec79c33ec9942ab8353589fcb2e04dc"
  expect(await ask(path("bad"), { method: "GET" })).toMatchObject({
    status: 400,
    json: { eventId: expect.any(String) },
  })
  expect(await ask(path(id), { body: "name=Jane" })).toMatchObject({
    status: 400,
    json: { errors: { comments: [expect.any(String)] } },
  })
})
