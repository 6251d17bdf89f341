import { beforeEach, expect, test } from "bun:test"
import { gzipSync, zstdCompressSync } from "node:zlib"
import fc from "fast-check"
import { decodeBody } from "#protocol/encoding.ts"
import { readEnvelope } from "#protocol/envelope.ts"
import { testDatabase } from "../../support/database.ts"
import { givenDoor, givenProjects, K1, K2 } from "../../support/door.ts"
import { type GivenPart, MULTIPART, minidump, multipart } from "../../support/minidump.ts"

const { sql } = await testDatabase()
await givenProjects(sql)
const door = await givenDoor(sql)

beforeEach(() => {
  door.messages.length = 0
})

const PATH = `/api/1/minidump/?sentry_key=${K1}`
const DASHED = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const dumpPart = { name: "upload_file_minidump", filename: "a.dmp", content: minidump() }

const postForm = (parts: GivenPart[], headers: Record<string, string> = {}, path = PATH) =>
  door.send(path, { headers: { ...MULTIPART, ...headers }, body: multipart(parts) })

/** The items of what went on to the worker, the event's payload read. */
function sentOn() {
  const [message] = door.messages
  if (!message) throw new Error("nothing was sent on")
  const decoded = decodeBody(message.body, message.encoding, 1e8)
  if ("fault" in decoded) throw new Error(decoded.fault)
  const envelope = readEnvelope(decoded.bytes, 100)
  if ("fault" in envelope) throw new Error(envelope.fault)
  const [first, ...files] = envelope.items
  const event = JSON.parse(Buffer.from(first!.payload).toString()) as Record<string, unknown>
  return { message, event, files: files.map(({ headers, payload }) => ({ ...headers, payload })) }
}

test("a dump in a form is answered with a dashed uuid, and travels with what the form says", async () => {
  const answer = await postForm([
    { name: "prod", content: "Shop" },
    { name: "sentry", content: '{"release":"shop@1","user":{"id":"42"}}' },
    { name: "sentry[environment]", content: "production" },
    dumpPart,
    { name: "log", filename: "app.log", type: "text/plain", content: "one\r\ntwo" },
    { name: "view-hierarchy.json", filename: "view-hierarchy.json", content: "{}" },
  ])
  expect(answer.status).toBe(200)
  expect(answer.headers.get("content-type")).toStartWith("text/plain")
  expect(answer.text).toMatch(DASHED)
  const { message, event, files } = sentOn()
  expect(message).toMatchObject({
    projectId: "1",
    kind: "envelope",
    eventId: answer.text.replaceAll("-", ""),
  })
  expect(event).toMatchObject({
    release: "shop@1",
    environment: "production",
    user: { id: "42" },
    extra: { prod: "Shop" },
  })
  expect(files).toMatchObject([
    { type: "attachment", attachment_type: "event.minidump", filename: "a.dmp" },
    { filename: "app.log", content_type: expect.stringContaining("text/plain") },
    { attachment_type: "event.view_hierarchy" },
  ])
  expect(Buffer.from(files[1]!.payload).toString()).toBe("one\r\ntwo")
})

test("a key that has used up its room is answered the same, and the crash is counted as limited", async () => {
  const limited = await givenDoor(sql, {
    config: { "quota.key-default": 1, "quota.window-seconds": 3600 },
  })
  const init = { headers: MULTIPART, body: multipart([dumpPart]) }
  for (let i = 0; i < 3; i++) {
    expect(await limited.send(PATH, init)).toMatchObject({
      status: 200,
      text: expect.stringMatching(DASHED),
    })
  }
  expect(limited.messages).toHaveLength(1)
})

test("what is no minidump, no form or a form without one is told so", async () => {
  const told = async (answer: ReturnType<typeof door.send>) => {
    const { status, json } = await answer
    return [status, (json as { detail?: string } | null)?.detail]
  }
  expect(await told(door.send(PATH, { body: "xxxx" }))).toEqual([400, "invalid minidump"])
  expect(await told(postForm([{ ...dumpPart, content: "xxxx" }]))).toEqual([
    400,
    "invalid minidump",
  ])
  expect(await told(postForm([{ name: "prod", content: "x" }]))).toEqual([400, "missing minidump"])
  expect(await told(postForm([{ ...dumpPart, content: "" }]))).toEqual([400, "missing minidump"])
  expect(await told(door.send(PATH, { headers: MULTIPART, body: "no form" }))).toEqual([
    400,
    "invalid multipart data",
  ])
  const cut = multipart([dumpPart]).subarray(0, -20)
  expect(await told(door.send(PATH, { headers: MULTIPART, body: cut }))).toEqual([
    400,
    "invalid multipart data",
  ])
  expect(await told(door.send(PATH))).toEqual([400, "empty request body"])
  expect(door.messages).toEqual([])
})

test("the dump alone is a body, too, and tells when it was written", async () => {
  const body = minidump({ writtenAt: 1_700_000_000 })
  for (const type of ["application/octet-stream", "application/x-dmp"]) {
    door.messages.length = 0
    expect(await door.send(PATH, { headers: { "Content-Type": type }, body })).toMatchObject({
      status: 200,
    })
    expect(sentOn()).toMatchObject({
      event: { timestamp: 1_700_000_000 },
      files: [{ filename: "Minidump", attachment_type: "event.minidump" }],
    })
  }
})

test("a compressed body, and a compressed dump in the form", async () => {
  const body = gzipSync(multipart([dumpPart]))
  const headers = { ...MULTIPART, "Content-Encoding": "gzip" }
  expect(await door.send(PATH, { headers, body })).toMatchObject({ status: 200 })
  for (const [name, content] of [
    ["a.dmp.gz", gzipSync(minidump())],
    ["a.dmp.zst", zstdCompressSync(minidump())],
  ] as const) {
    door.messages.length = 0
    expect(await postForm([{ ...dumpPart, filename: name, content }])).toMatchObject({
      status: 200,
    })
    const [file] = sentOn().files
    expect(file).toMatchObject({ filename: "a.dmp" })
    expect(Buffer.from(file!.payload).subarray(0, 4).toString()).toBe("MDMP")
  }
  const bomb = { ...dumpPart, content: gzipSync(Buffer.alloc(101 * 1024 * 1024)) }
  expect(await postForm([bomb])).toMatchObject({ status: 400 })
})

test("a form inside of the field, as old Electron sends it", async () => {
  const inner = multipart([{ name: "ver", content: "1" }, dumpPart], "inner")
  expect(await postForm([{ ...dumpPart, content: inner }])).toMatchObject({ status: 200 })
  expect(Buffer.from(sentOn().files[0]!.payload).equals(minidump())).toBe(true)
})

test("the files of a dying process are part of its event, and come first", async () => {
  const id = "9ec79c33ec9942ab8353589fcb2e04dc"
  const text = (value: string) => [0xa0 + value.length, ...Buffer.from(value)]
  const event = Buffer.from([
    0x82,
    ...text("event_id"),
    0xd9,
    32,
    ...Buffer.from(id),
    ...text("level"),
    ...text("error"),
  ])
  const answer = await postForm([
    { name: "sentry", content: '{"level":"info","release":"r"}' },
    dumpPart,
    { name: "__sentry-event", filename: "__sentry-event", content: event },
    {
      name: "__sentry-breadcrumb1",
      filename: "__sentry-breadcrumb1",
      content: Buffer.from([0x80]),
    },
  ])
  expect(answer.text.replaceAll("-", "")).toBe(id)
  expect(sentOn()).toMatchObject({
    event: { event_id: id, level: "error", release: "r" },
    files: [
      { attachment_type: "event.minidump" },
      { attachment_type: "event.payload" },
      { attachment_type: "event.breadcrumbs" },
    ],
  })
})

test("a large dump goes to the blob store before the answer, the event to the queue", async () => {
  const content = minidump({ bytes: 3_000_000 })
  expect(await postForm([{ ...dumpPart, content }])).toMatchObject({ status: 200 })
  const { message, files } = sentOn()
  expect(files).toEqual([])
  expect(message.parked).toMatchObject([{ name: "a.dmp", type: "event.minidump", size: 3_000_000 }])
  expect((await door.blobs.get(message.parked![0]!.blobKey))?.length).toBe(3_000_000)
})

test("a form that says more than an event may hold still brings its dump", async () => {
  const long = JSON.stringify({ extra: { x: "x".repeat(700_000) } })
  await postForm([{ name: "sentry", content: long }, { name: "prod", content: "Shop" }, dumpPart])
  expect(sentOn()).toMatchObject({
    event: { extra: { prod: "Shop" } },
    files: [{ attachment_type: "event.minidump" }],
  })
})

test("forms with more files or fields than anybody sends are refused", async () => {
  const many = (count: number, filename?: string) =>
    Array.from({ length: count }, (_, i) => ({
      name: `f${i}`,
      content: "x",
      ...(filename && { filename }),
    }))
  expect(await postForm([dumpPart, ...many(100, "a.txt")])).toMatchObject({ status: 400 })
  expect(await postForm([dumpPart, ...many(1000)])).toMatchObject({ status: 400 })
  expect(await postForm([dumpPart, ...many(500)])).toMatchObject({ status: 200 })
})

test("slashes, methods, credentials and domains are those of the other endpoints", async () => {
  for (const path of [`/api/1/minidump?sentry_key=${K1}`, `//api//1//minidump/?sentry_key=${K1}`]) {
    expect(await postForm([dumpPart], {}, path)).toMatchObject({ status: 200 })
  }
  const auth = { "X-Sentry-Auth": `Sentry sentry_key=${K1}` }
  expect(await postForm([dumpPart], auth, "/api/1/minidump/")).toMatchObject({ status: 200 })
  expect(await postForm([dumpPart], {}, "/api/1/minidump/")).toMatchObject({ status: 401 })
  expect(await postForm([dumpPart], {}, `/api/1/minidump/?sentry_key=${K2}`)).toMatchObject({
    status: 403,
  })
  expect(await door.send("/api/1/minidump/", { method: "OPTIONS" })).toMatchObject({ status: 200 })
  const got = await door.send(PATH, { method: "GET" })
  expect([got.status, got.headers.get("access-control-allow-origin")]).toEqual([405, "*"])
})

test("forms with bytes changed, cut out and doubled are answered, never with a fault of ours", async () => {
  const whole = multipart([
    { name: "sentry", content: '{"release":"shop@1"}' },
    { name: "sentry__1", content: '{"tags":{"a":"b"}}' },
    { name: "sentry[user][id]", content: "1" },
    dumpPart,
    {
      name: "__sentry-event",
      filename: "__sentry-event",
      content: Buffer.from([0x81, 0xa1, 97, 1]),
    },
  ])
  const spot = fc.nat(whole.length - 1)
  const change = fc.tuple(fc.constantFrom("set", "cut", "double"), spot, fc.nat(40), fc.nat(255))
  const changed = ([how, at, length, byte]: [string, number, number, number]) => {
    const [before, cut, after] = [
      whole.subarray(0, at),
      whole.subarray(at, at + length),
      whole.subarray(at + length),
    ]
    if (how === "cut") return Buffer.concat([before, after])
    return Buffer.concat(
      how === "double" ? [before, cut, cut, after] : [before, cut.map(() => byte), after],
    )
  }
  await fc.assert(
    fc.asyncProperty(change, async (given) => {
      const { status } = await door.send(PATH, { headers: MULTIPART, body: changed(given) })
      expect([200, 400]).toContain(status)
    }),
    { numRuns: 500 },
  )
})
