import { expect, test } from "bun:test"
import { givenContract } from "../../support/contract.ts"
import { AUTH, DISABLED, K1, K2 } from "../../support/door.ts"

/** What every client relies on: who may send, and where. */

const { ask, events, sql } = await givenContract()
await sql`update projects set settings = ${sql.json({ allowedDomains: ["*.example.com"] })} where id = 2`
const ID = "a".repeat(32)
const body = JSON.stringify({ event_id: ID, message: "hi" })
const auth = (value: string) => ({ headers: { "X-Sentry-Auth": value }, body })
const anonymous = { headers: {}, body }
const storedIds = async () => (await events()).map(({ event_id }) => event_id)

test("an event with its key is answered with its id, and stored", async () => {
  expect(await ask("/api/1/store/", { body })).toMatchObject({
    status: 200,
    text: `{"id":"${ID}"}`,
  })
  expect(await storedIds()).toEqual([ID])
})

test("without a key it is refused in words that a page may read", async () => {
  const answer = await ask("/api/1/store/", anonymous)
  expect(answer).toMatchObject({
    status: 401,
    json: { detail: "missing authorization information" },
  })
  expect(answer.headers.get("access-control-allow-origin")).toBe("*")
  expect(await storedIds()).toEqual([])
})

test("the key may stand in the query", async () => {
  expect(await ask(`/api/1/store/?sentry_key=${K1}&sentry_version=7`, anonymous)).toMatchObject({
    status: 200,
  })
})

test("the key may stand in Authorization", async () => {
  const headers = { Authorization: `Sentry sentry_key=${K1}` }
  expect(await ask("/api/1/store/", { headers, body })).toMatchObject({ status: 200 })
})

test("the same key twice is one key, two keys are too many", async () => {
  expect(await ask(`/api/1/store/?sentry_key=${K1}`, { body })).toMatchObject({ status: 200 })
  expect(await ask(`/api/1/store/?sentry_key=${K2}`, { body })).toMatchObject({ status: 401 })
})

test("capitals, blanks and unknown names in the header do no harm", async () => {
  for (const value of [`SENTRY sentry_key=${K1}`, `Sentry sentry_key = ${K1} ,foo=bar`]) {
    expect(await ask("/api/1/store/", auth(value))).toMatchObject({ status: 200 })
  }
})

test("a header without a key is told so", async () => {
  expect(await ask("/api/1/store/", auth("Sentry sentry_version=7"))).toMatchObject({
    status: 401,
    json: { detail: "bad x-sentry-auth header" },
  })
})

test("versions of the protocol: too new, old, none", async () => {
  const version = (text: string) => auth(`Sentry sentry_key=${K1}${text}`)
  expect(await ask("/api/1/store/", version(", sentry_version=8"))).toMatchObject({ status: 400 })
  expect(await ask("/api/1/store/", version(", sentry_version=2.0"))).toMatchObject({ status: 200 })
  expect(await ask("/api/1/store/", version(""))).toMatchObject({ status: 200 })
})

test("keys that nobody knows, that are off, or of another project: 403", async () => {
  for (const key of ["9".repeat(32), DISABLED, K2]) {
    expect(await ask("/api/1/store/", auth(`Sentry sentry_key=${key}`))).toMatchObject({
      status: 403,
    })
  }
})

test("a key of three letters is none", async () => {
  expect(await ask("/api/1/store/", auth("Sentry sentry_key=abc"))).toMatchObject({ status: 400 })
})

test("a project that is no number, and one that the key is not of", async () => {
  expect(await ask("/api/abc/store/", { body })).toMatchObject({ status: 400 })
  expect(await ask("/api/999/store/", { body })).toMatchObject({ status: 403 })
})

test("slashes too many or too few are understood, never redirected", async () => {
  for (const path of ["//api//1//store/", "/api/1/store"]) {
    expect(await ask(path, { body })).toMatchObject({ status: 200 })
  }
  const envelope = `{}\n{"type":"event"}\n${body}`
  expect(await ask("/api/1/envelope", { body: envelope })).toMatchObject({ status: 200 })
})

test("a preflight is allowed what SDKs send, for an hour", async () => {
  const { status, headers } = await ask("/api/1/store/", { method: "OPTIONS", headers: {} })
  expect([status, headers.get("access-control-allow-origin")]).toEqual([200, "*"])
  expect(headers.get("access-control-allow-headers")).toContain("x-sentry-auth")
  expect(headers.get("access-control-allow-headers")).toContain("content-type")
  expect(headers.get("access-control-max-age")).toBe("3600")
})

test("envelopes are not for reading", async () => {
  expect(await ask("/api/1/envelope/", { method: "GET" })).toMatchObject({ status: 405 })
})

test("pages of the allowed domains may send, other pages may not, programs always may", async () => {
  const from = (origin?: string) =>
    ask(`/api/2/store/?sentry_key=${K2}`, { body, headers: origin ? { Origin: origin } : {} })
  const origins = [
    "https://app.example.com",
    "https://example.com",
    "https://evil.com",
    undefined,
    "null",
  ]
  const statuses = await Promise.all(origins.map(async (origin) => (await from(origin)).status))
  expect(statuses).toEqual([200, 200, 403, 200, 200])
})

test("the oldest clients name no project: it is the key's", async () => {
  expect(await ask("/api/store/", { headers: AUTH, body })).toMatchObject({ status: 200 })
  const rows = await sql`select project_id from events`
  expect(rows).toMatchObject([{ projectId: "1" }])
})
