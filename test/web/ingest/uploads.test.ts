import { beforeEach, expect, test } from "bun:test"
import { deflateSync } from "node:zlib"
import { readEnvelope } from "#protocol/envelope.ts"
import { testDatabase } from "../../support/database.ts"
import { AUTH, givenDoor, givenProjects, K1, K2 } from "../../support/door.ts"
import { MULTIPART, multipart } from "../../support/minidump.ts"

const { sql } = await testDatabase()
await givenProjects(sql)
const door = await givenDoor(sql)

beforeEach(() => {
  door.messages.length = 0
})

const ID = "9ec79c33ec9942ab8353589fcb2e04dc"

/** What went on to the worker, last. */
function sentOn() {
  const message = door.messages.at(-1)
  const envelope = message && readEnvelope(message.body, 100)
  if (!message || !envelope || "fault" in envelope) throw new Error("nothing was sent on")
  const items = envelope.items.map(({ headers, payload }) => ({
    ...headers,
    payload: Buffer.from(payload).toString("latin1"),
  }))
  return { message, items }
}

test("files of a form become attachments of the event that the address names, answered 201 with nothing", async () => {
  const body = multipart([
    { name: "note", content: "no file" },
    { name: "a", filename: "a.txt", type: "text/plain", content: "ab\r\ncd" },
    { name: "b", filename: "b.bin", content: "\0" },
  ])
  for (const path of [
    `/api/1/events/${ID}/attachments/`,
    `//api/1/events/${ID.toUpperCase()}//attachments`,
  ]) {
    const answer = await door.send(path, { headers: { ...AUTH, ...MULTIPART }, body })
    expect(answer).toMatchObject({ status: 201, text: "" })
    const { message, items } = sentOn()
    expect(message.eventId).toBe(ID)
    expect(items).toMatchObject([
      { type: "attachment", filename: "a.txt", payload: "ab\r\ncd" },
      { type: "attachment", filename: "b.bin", payload: "\0" },
    ])
  }
})

test("an event id that is none, and a body that is no form", async () => {
  const init = {
    headers: { ...AUTH, ...MULTIPART },
    body: multipart([{ name: "a", filename: "a", content: "" }]),
  }
  expect(await door.send("/api/1/events/zz/attachments/", init)).toMatchObject({
    status: 400,
    json: { detail: "invalid event id" },
  })
  const plain = { headers: AUTH, body: "x" }
  expect(await door.send(`/api/1/events/${ID}/attachments/`, plain)).toMatchObject({
    status: 400,
    json: { detail: "invalid multipart data" },
  })
  expect(
    await door.send(`/api/1/events/${ID}/attachments/`, { ...init, headers: MULTIPART }),
  ).toMatchObject({
    status: 401,
  })
})

test("an Unreal Engine crash: the archive is kept beside an event that stands for it and knows the player", async () => {
  const body = deflateSync("CR1…")
  for (const path of [`/api/1/unreal/${K1}/`, `/api/1//unreal/${K1}`]) {
    const answer = await door.send(`${path}?UserID=ann|epic7|mach9`, { body })
    expect(answer).toMatchObject({ status: 200, text: expect.stringMatching(/^[0-9a-f-]{36}$/) })
    const [event, archive] = sentOn().items
    expect(JSON.parse(event!.payload)).toMatchObject({
      level: "fatal",
      platform: "native",
      user: { id: "ann" },
      tags: { epic_account_id: "epic7", machine_id: "mach9" },
    })
    expect(archive).toMatchObject({ filename: "crash.uecrash", payload: body.toString("latin1") })
  }
  expect(await door.send(`/api/1/unreal/${K1}/`)).toMatchObject({ status: 400 })
  expect(await door.send(`/api/1/unreal/${K2}/`, { body })).toMatchObject({ status: 403 })
  expect(await door.send(`/api/1/unreal/${K1}/?sentry_key=${K2}`, { body })).toMatchObject({
    status: 401,
  })
})

test("a check-in by address is answered 202 and queued", async () => {
  const latest = "0".repeat(32)
  const answer = await door.send(
    `/api/1/cron/nightly/${K1}/?status=error&environment=prod&duration=1.5`,
    { method: "GET" },
  )
  expect(answer).toMatchObject({ status: 202, text: "" })
  expect(door.messages).toHaveLength(1)
  expect(JSON.parse(sentOn().items[0]!.payload)).toEqual({
    check_in_id: latest,
    monitor_slug: "nightly",
    status: "error",
    environment: "prod",
    duration: 1.5,
  })
  for (const path of [
    `/api/1/cron/nightly/${K1}?status=ok`,
    `/api/1/cron/nightly/?sentry_key=${K1}&status=ok`,
  ]) {
    expect(await door.send(path)).toMatchObject({ status: 202 })
  }
  expect(await door.send("/api/1/cron/nightly?status=ok", { headers: AUTH })).toMatchObject({
    status: 202,
  })
})

test("a check-in as JSON keeps what it says, the name of the monitor apart", async () => {
  const checkIn = {
    check_in_id: ID.toUpperCase(),
    status: "in_progress",
    monitor_slug: "other",
    monitor_config: { timezone: "UTC" },
  }
  const init = { headers: { "Content-Type": "application/json" }, body: JSON.stringify(checkIn) }
  expect(await door.send(`/api/1/cron/n%C3%A4chtlich/${K1}/`, init)).toMatchObject({ status: 202 })
  expect(sentOn().items[0]).toMatchObject({ type: "check_in" })
  expect(JSON.parse(Buffer.from(sentOn().items[0]!.payload, "latin1").toString())).toEqual({
    ...checkIn,
    check_in_id: ID,
    monitor_slug: "nächtlich",
  })
})

test("check-ins that make no sense are refused in words", async () => {
  const json = { "Content-Type": "application/json" }
  const cases: [query: string, init: RequestInit, cause: string][] = [
    ["", {}, "invalid status"],
    ["?status=great", {}, "invalid status"],
    ["?status=ok&check_in_id=x", {}, "invalid check_in_id"],
    ["?status=ok&duration=-1", {}, "invalid duration"],
    ["?status=ok&duration=", {}, "invalid duration"],
    ["", { headers: json, body: "[1]" }, "expected a JSON object"],
    ["", { headers: json, body: '{"status":"ok","duration":"1"}' }, "invalid duration"],
  ]
  for (const [query, init, cause] of cases) {
    expect(await door.send(`/api/1/cron/job/${K1}/${query}`, init)).toMatchObject({
      status: 400,
      json: { detail: "invalid check-in", causes: [cause] },
    })
  }
  expect(await door.send("/api/1/cron/job/?status=ok")).toMatchObject({ status: 401 })
  const put = await door.send(`/api/1/cron/job/${K1}/?status=ok`, { method: "PUT" })
  expect([put.status, put.headers.get("allow")]).toEqual([405, "GET, POST, OPTIONS"])
})

test("a job is never told of limits or of more than a check-in: 202 and counted, or 413", async () => {
  const limited = await givenDoor(sql, { config: { "quota.instance-default": { monitor: 1 } } })
  for (const _ of [1, 2]) {
    const answer = await limited.send(`/api/1/cron/job/${K1}/?status=ok`)
    expect(answer).toMatchObject({ status: 202, text: "" })
    expect(answer.headers.get("x-sentry-rate-limits")).toBeNull()
  }
  expect(limited.messages).toHaveLength(1)
  await limited.door.counts.flush(async (counts) => {
    expect(counts).toMatchObject([
      { category: "monitor", outcome: "rate_limited", reason: "instance_quota", quantity: 1 },
    ])
  })
  const long = JSON.stringify({ status: "ok", environment: "x".repeat(100 * 1024) })
  const init = { headers: { "Content-Type": "application/json" }, body: long }
  expect(await limited.send(`/api/1/cron/job/${K1}/`, init)).toMatchObject({ status: 413 })
})

test("what is our own distress is told to everybody: a later try may not meet it", async () => {
  const full = await givenDoor(sql, { spoolMaxBytes: 0 })
  for (const [path, body] of [
    [`/api/1/cron/job/${K1}/?status=ok`, ""],
    [`/api/1/unreal/${K1}/`, "CR1"],
  ] as const) {
    const answer = await full.send(path, { body })
    expect([path, answer.status]).toEqual([path, 429])
    expect(answer.headers.get("retry-after")).not.toBeNull()
  }
})
