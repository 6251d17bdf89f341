import { beforeEach, expect, test } from "bun:test"
import zlib from "node:zlib"
import { decodeBody } from "#protocol/encoding.ts"
import { testDatabase } from "../../support/database.ts"
import { AUTH, givenDoor, givenProjects, K1 } from "../../support/door.ts"

const { sql } = await testDatabase()
await givenProjects(sql)
const door = await givenDoor(sql)

beforeEach(() => {
  door.messages.length = 0
})

const ID = "a".repeat(32)
const event = JSON.stringify({ event_id: ID, message: "hi" })
const MIB = 1024 * 1024

type Body = NonNullable<RequestInit["body"]>

function store(body: Body, headers: Record<string, string> = {}) {
  return door.send("/api/1/store/", { headers: { ...AUTH, ...headers }, body })
}
function encoded(encoding: string, body: Body) {
  return store(body, { "Content-Encoding": encoding, "Content-Type": "application/octet-stream" })
}

test("every encoding that SDKs use, and the body travels on as it came", async () => {
  const bodies: [string, Buffer<ArrayBuffer>][] = [
    ["gzip", zlib.gzipSync(event)],
    ["deflate", zlib.deflateSync(event)],
    ["deflate", zlib.deflateRawSync(event)],
    ["br", zlib.brotliCompressSync(event)],
    ["zstd", zlib.zstdCompressSync(event)],
  ]
  for (const [encoding, body] of bodies) {
    expect(await encoded(encoding, body)).toMatchObject({ status: 200, json: { id: ID } })
    const message = door.messages.at(-1)!
    expect(Buffer.from(message.body)).toEqual(body)
    const decoded = decodeBody(message.body, message.encoding, MIB)
    expect("bytes" in decoded && Buffer.from(decoded.bytes).toString()).toBe(event)
  }
})

test("a gzip body whose header a proxy dropped", async () => {
  expect(await store(zlib.gzipSync(event))).toMatchObject({ status: 200 })
  expect(door.messages).toMatchObject([{ encoding: ["gzip"] }])
})

test("raven's base64 over zlib, and base64 over JSON", async () => {
  const raven =
    "eJyrVkotS80ric9MUbJSMjA0MjYxNTO3sExMSk5JTUPnK+ko5aYWFyempwIVZ2QCuTlA3TlKViYGtQAeARWX"
  expect(await store(raven)).toMatchObject({
    status: 200,
    json: { id: "0123456789abcdef0123456789abcdef" },
  })
  expect(await store(btoa(event))).toMatchObject({ status: 200, json: { id: ID } })
})

test("an event in an image's address answers with an image, and stores it", async () => {
  const path = (data: string) =>
    `/api/1/store/?sentry_key=${K1}&sentry_version=4&sentry_client=raven-js/1.3.0&sentry_data=${encodeURIComponent(data)}`
  const answer = await door.send(path(event), { method: "GET" })
  expect(answer.status).toBe(200)
  expect(answer.headers.get("content-type")).toBe("image/gif")
  expect(answer.text.length).toBeGreaterThan(20)
  expect(door.messages).toMatchObject([{ eventId: ID, client: "raven-js/1.3.0" }])
  expect(await door.send(path("{bad"), { method: "GET" })).toMatchObject({ status: 400 })
})

test("bare NaN and Infinity of old Python clients", async () => {
  const body = '{"message":"x","extra":{"a":NaN,"b":-Infinity}}'
  expect(await store(body)).toMatchObject({ status: 200 })
  expect(Buffer.from(door.messages[0]!.body).toString()).toBe(body)
})

test("nothing, broken JSON, and JSON that is no object", async () => {
  expect(await store("")).toMatchObject({ status: 400, json: { detail: "empty request body" } })
  for (const body of ["{bad", "[1]", '"x"', "{}{}", "null"]) {
    expect(await store(body)).toMatchObject({ status: 400, json: { detail: "invalid JSON data" } })
  }
  expect(door.messages).toEqual([])
})

test("broken compression: 400, unknown compression: 415", async () => {
  const gzip = zlib.gzipSync(event)
  expect(await encoded("gzip", event)).toMatchObject({ status: 400 })
  expect(await encoded("gzip", gzip.subarray(0, -5))).toMatchObject({ status: 400 })
  expect(await encoded("gzip, gzip, gzip", gzip)).toMatchObject({ status: 400 })
  expect(await encoded("foo", event)).toMatchObject({ status: 415 })
})

test("an event beyond 1 MiB and a bomb: 413", async () => {
  const large = JSON.stringify({ message: "x".repeat(1.5 * MIB) })
  expect(await store(large)).toMatchObject({ status: 413 })
  expect(await encoded("gzip", zlib.gzipSync(large))).toMatchObject({ status: 413 })
  expect(await encoded("gzip", zlib.gzipSync(Buffer.alloc(100 * MIB)))).toMatchObject({
    status: 413,
  })
})

test("a body that announces more than the limit is refused before it is read", async () => {
  const untouched = new ReadableStream({ pull: () => Promise.reject(new Error("was read")) })
  const headers = { ...AUTH, "Content-Length": String(100 * MIB) }
  const request = new Request("http://localhost/api/1/store/", {
    method: "POST",
    headers,
    body: untouched,
  })
  const answer = await door.handler(request, "")
  expect(answer?.status).toBe(413)
})

test("a body without a length is refused while it comes", async () => {
  let sent = 0
  const endless = new ReadableStream({
    pull(controller) {
      sent += MIB
      controller.enqueue(new Uint8Array(MIB))
    },
  })
  const answer = await store(endless)
  expect(answer.status).toBe(413)
  expect(sent).toBeLessThan(30 * MIB)
})

test("a chunked body that fits is accepted", async () => {
  const chunks = [event.slice(0, 7), event.slice(7)]
  const stream = new ReadableStream({
    pull(controller) {
      const chunk = chunks.shift()
      if (chunk) controller.enqueue(new TextEncoder().encode(chunk))
      else controller.close()
    },
  })
  expect(await store(stream)).toMatchObject({ status: 200, json: { id: ID } })
})

test("a stranger's body is not read at all", async () => {
  const untouched = new ReadableStream({ pull: () => Promise.reject(new Error("was read")) })
  const answer = await door.send(`/api/1/store/?sentry_key=${"9".repeat(32)}`, { body: untouched })
  expect(answer.status).toBe(403)
})

test("event ids: missing, null, dashed, wrong", async () => {
  const idOf = async (body: string) => {
    const { status, json } = await store(body)
    return status === 200 ? (json as { id: string }).id : status
  }
  expect(await idOf("{}")).toMatch(/^[0-9a-f]{32}$/)
  expect(await idOf('{"event_id":null}')).toMatch(/^[0-9a-f]{32}$/)
  expect(await idOf('{"event_id":"9EC79C33-EC99-42AB-8353-589FCB2E04DC"}')).toBe(
    "9ec79c33ec9942ab8353589fcb2e04dc",
  )
  expect(await idOf('{"event_id":"zz"}')).toBe(400)
  expect(await idOf('{"event_id":"../../etc/passwd"}')).toBe(400)
  expect(await idOf('{"event_id":5}')).toBe(400)
})

test("a repeated event is accepted again with its id: the worker tells repeats", async () => {
  expect(await store(event)).toMatchObject({ status: 200, json: { id: ID } })
  expect(await store(event)).toMatchObject({ status: 200, json: { id: ID } })
  expect(door.messages).toHaveLength(2)
})

test("a byte order mark, NUL, invalid UTF-8, lone surrogates, __proto__", async () => {
  const bodies = [
    `\ufeff${event}`,
    '{"message":"a\\u0000b"}',
    Buffer.concat([Buffer.from('{"message":"'), Buffer.of(0xff), Buffer.from('"}')]),
    '{"message":"\\ud800"}',
    '{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}}}',
    '{"n":1e999,"m":123456789012345678901234567890}',
  ]
  for (const body of bodies) expect(await store(body)).toMatchObject({ status: 200 })
  expect(({} as Record<string, unknown>).x).toBeUndefined()
})

test("100,000 levels of JSON are refused at once", async () => {
  const deep = `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`
  expect(await store(deep)).toMatchObject({
    status: 400,
    json: { detail: "invalid JSON data", causes: ["nested too deeply"] },
  })
})

test("an envelope sent to store is an envelope when it says so", async () => {
  const body = `{"event_id":"${ID}"}\n{"type":"event"}\n{}`
  const type = { "Content-Type": "application/x-sentry-envelope" }
  expect(await store(body, type)).toMatchObject({ status: 200, json: { id: ID } })
  expect(door.messages).toMatchObject([{ kind: "envelope" }])
})
