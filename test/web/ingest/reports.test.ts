import { beforeEach, expect, test } from "bun:test"
import { readEnvelope } from "#protocol/envelope.ts"
import { testDatabase } from "../../support/database.ts"
import { givenDoor, givenProjects, K1 } from "../../support/door.ts"

const { sql } = await testDatabase()
await givenProjects(sql)
const door = await givenDoor(sql)

beforeEach(() => {
  door.messages.length = 0
})

const CSP = "application/csp-report"
const QUERY = `?sentry_key=${K1}&sentry_release=shop@1&sentry_environment=staging`
const violation = {
  "csp-report": {
    "document-uri": "https://e.example/",
    "violated-directive": "img-src 'self'",
    "blocked-uri": "https://evil.example/x.png",
  },
}

function report(body: unknown, type = CSP, path = `/api/1/security/${QUERY}`) {
  const text = typeof body === "string" ? body : JSON.stringify(body)
  return door.send(path, { headers: { "content-type": type }, body: text })
}

/** Type, headers and payload of what went on to the worker. */
function sentOn() {
  return door.messages.map((message) => {
    const envelope = readEnvelope(message.body, 10)
    if ("fault" in envelope) throw new Error(envelope.fault)
    const [item] = envelope.items
    return { ...item?.headers, report: JSON.parse(Buffer.from(item!.payload).toString()) }
  })
}

test("a violated policy is taken in with the release and environment of its address, and answered with nothing", async () => {
  for (const path of ["/api/1/security/", "/api/1/csp-report/", "//api/1/security"]) {
    expect(await report(violation, CSP, path + QUERY)).toMatchObject({ status: 200, text: "" })
  }
  const item = { type: "raw_security", sentry_release: "shop@1", sentry_environment: "staging" }
  expect(sentOn()).toMatchObject(Array(3).fill({ ...item, report: violation }))
})

test("each violation that the Reporting API holds back and sends at once is an event of its own; the rest is left", async () => {
  const body = { documentURL: "https://e.example/", effectiveDirective: "img-src" }
  const batch = [
    { type: "csp-violation", age: 1, body: { ...body, blockedURL: "https://a.example/" } },
    { type: "deprecation", body: {} },
    { type: "csp-violation", age: 2, body: { ...body, blockedURL: "https://b.example/" } },
    null,
  ]
  const type = "application/reports+json; charset=utf-8"
  expect(await report(batch, type)).toMatchObject({ status: 200, text: "" })
  expect(sentOn().map(({ report }) => report.body.blockedURL)).toEqual([
    "https://a.example/",
    "https://b.example/",
  ])
  expect(new Set(door.messages.map(({ eventId }) => eventId)).size).toBe(2)
  expect(await report([], type)).toMatchObject({ status: 200 })
})

test("other content types are refused, and what is no JSON", async () => {
  for (const type of ["text/html", "text/plain", "application/jsonp"]) {
    expect(await report(violation, type)).toMatchObject({
      status: 415,
      json: { detail: "unsupported content type" },
    })
  }
  expect(await report("{bad")).toMatchObject({
    status: 400,
    json: { detail: "invalid JSON data" },
  })
  expect(await report("")).toMatchObject({ status: 400, json: { detail: "empty request body" } })
  expect(door.messages).toEqual([])
})

test("without a key, or with a wrong one, nobody reports", async () => {
  expect(await report(violation, CSP, "/api/1/security/")).toMatchObject({ status: 401 })
  const stranger = `/api/1/security/?sentry_key=${"c".repeat(32)}`
  expect(await report(violation, CSP, stranger)).toMatchObject({ status: 403 })
  expect(await report(violation, CSP, "/api/security/")).toMatchObject({ status: 404 })
})

test("a body beyond an event's size is refused while it is unpacked", async () => {
  const large = { "csp-report": { x: "y".repeat(1024 * 1024) } }
  expect(await report(large)).toMatchObject({ status: 413 })
})

test("a report beyond 64 KiB is refused, its neighbours are not, and both are counted as reports", async () => {
  await door.door.counts.flush(async () => {})
  const long = { "csp-report": { "original-policy": "y".repeat(64 * 1024) } }
  expect(await report(long)).toMatchObject({ status: 413 })
  const other = { type: "csp-violation", body: { x: "y".repeat(64 * 1024) } }
  const sent = { type: "csp-violation", body: { documentURL: "https://e.example/" } }
  expect(await report([other, sent], "application/reports+json")).toMatchObject({ status: 200 })
  expect(door.messages).toHaveLength(1)
  const counted: unknown[] = []
  await door.door.counts.flush(async (counts) => void counted.push(...counts))
  expect(counted).toContainEqual(
    expect.objectContaining({ category: "security", reason: "too_large", quantity: 2 }),
  )
})

test("network errors are answered and counted, not stored", async () => {
  const path = `/api/1/nel/?sentry_key=${K1}`
  const error = { type: "network-error", url: "https://e.example/", body: {} }
  const json = "application/reports+json"
  expect(await report([error, error, { type: "csp-violation" }], json, path)).toMatchObject({
    status: 200,
    text: "",
  })
  expect(await report(error, "text/plain", path)).toMatchObject({ status: 415 })
  expect(door.messages).toEqual([])
  const counted: unknown[] = []
  await door.door.counts.flush(async (counts) => void counted.push(...counts))
  expect(counted).toContainEqual(
    expect.objectContaining({ outcome: "unsupported", reason: "nel", quantity: 2 }),
  )
})

test("preflights are allowed, other methods are not", async () => {
  const path = `/api/1/security/${QUERY}`
  expect(await door.send(path, { method: "OPTIONS" })).toMatchObject({ status: 200 })
  expect(await door.send(path, { method: "GET" })).toMatchObject({ status: 405 })
})
