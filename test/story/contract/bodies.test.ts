import { expect, test } from "bun:test"
import zlib from "node:zlib"
import { givenContract } from "../../support/contract.ts"
import { AUTH, K1 } from "../../support/door.ts"

/** What every client relies on: the forms in which an event may come. */

const { ask, events } = await givenContract()
const ID = "b".repeat(32)
const json = JSON.stringify({ event_id: ID, message: "hi" })
const store = (body: string | Uint8Array, headers: Record<string, string> = {}) =>
  ask("/api/1/store/", { headers: { ...AUTH, ...headers }, body })
const packed = (encoding: string, body: Uint8Array) => store(body, { "Content-Encoding": encoding })
const isStored = async () => (await events()).some(({ event_id }) => event_id === ID)

test("gzip", async () => {
  expect(await packed("gzip", zlib.gzipSync(json))).toMatchObject({ status: 200 })
  expect(await isStored()).toBe(true)
})

test("deflate, wrapped as HTTP has it and bare as some clients send it", async () => {
  for (const body of [zlib.deflateSync(json), zlib.deflateRawSync(json)]) {
    const headers = { "Content-Encoding": "deflate", "Content-Type": "application/octet-stream" }
    expect(await store(body, headers)).toMatchObject({ status: 200 })
  }
  expect(await isStored()).toBe(true)
})

test("Brotli and Zstandard", async () => {
  expect(await packed("br", zlib.brotliCompressSync(json))).toMatchObject({ status: 200 })
  expect(await packed("zstd", zlib.zstdCompressSync(json))).toMatchObject({ status: 200 })
  expect(await isStored()).toBe(true)
})

test("raven's base64 over zlib, its level a number", async () => {
  const body =
    "eJyrVkotS80ric9MUbJSMjA0MjYxNTO3sExMSk5JTUPnK+ko5aYWFyempwIVZ2QCuTlA3TlKViYGtQAeARWX"
  const id = "0123456789abcdef0123456789abcdef"
  expect(await store(body)).toMatchObject({ status: 200, json: { id } })
  expect(await events()).toMatchObject([{ event_id: id, level: "error" }])
})

test("base64 over JSON", async () => {
  expect(await store(Buffer.from(json).toString("base64"))).toMatchObject({ status: 200 })
  expect(await isStored()).toBe(true)
})

test("in the address of an image, answered with an image", async () => {
  const query = new URLSearchParams({
    sentry_key: K1,
    sentry_version: "4",
    sentry_client: "raven-js/1.3.0",
    sentry_data: json,
  })
  const answer = await ask(`/api/1/store/?${query}`, { method: "GET", headers: {} })
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "image/gif"])
  expect(await isStored()).toBe(true)
})

test("NaN and Infinity of old Python", async () => {
  const auth = { "X-Sentry-Auth": `Sentry sentry_key=${K1}, sentry_client=raven-python/5.0.0` }
  expect(await store('{"message":"x","extra":{"a":NaN,"b":-Infinity}}', auth)).toMatchObject({
    status: 200,
  })
  expect(await events()).toHaveLength(1)
})

test("nothing, half of something, and JSON that is no object are told apart from an event", async () => {
  expect(await store("")).toMatchObject({ status: 400, json: { detail: "empty request body" } })
  for (const body of ["{bad", "[1]", '"x"']) {
    expect(await store(body)).toMatchObject({ status: 400, json: { detail: "invalid JSON data" } })
  }
})

test("what says it is compressed and is not, or was cut short", async () => {
  expect(await packed("gzip", Buffer.from(json))).toMatchObject({ status: 400 })
  expect(await packed("gzip", zlib.gzipSync(json).subarray(0, -9))).toMatchObject({ status: 400 })
})

test("a compression that nobody knows", async () => {
  expect(await packed("foo", Buffer.from(json))).toMatchObject({ status: 415 })
})

test("an event of 1.5 MiB, and 10 KiB that would be 100 MiB", async () => {
  const large = JSON.stringify({ message: "x".repeat(1.5 * 1024 * 1024) })
  expect(await store(large)).toMatchObject({ status: 413 })
  expect(await packed("gzip", zlib.gzipSync(Buffer.alloc(100 * 1024 * 1024)))).toMatchObject({
    status: 413,
  })
})

test("ids: none, null, with dashes and capitals, and what is none", async () => {
  const withId = (event_id: unknown) => store(JSON.stringify({ message: "x", event_id }))
  const fresh = { status: 200, json: { id: expect.stringMatching(/^[0-9a-f]{32}$/) } }
  expect(await withId(undefined)).toMatchObject(fresh)
  expect(await withId(null)).toMatchObject(fresh)
  const dashed = "9EC79C33-EC99-42AB-8353-589FCB2E04DC"
  expect(await withId(dashed)).toMatchObject({ json: { id: "9ec79c33ec9942ab8353589fcb2e04dc" } })
  expect(await withId("zz")).toMatchObject({ status: 400 })
  expect(await events()).toHaveLength(3)
})

test("text of a browser's beacon, the key in the query", async () => {
  const headers = { "Content-Type": "text/plain;charset=UTF-8" }
  const body = `{"event_id":"${ID}"}\n{"type":"event"}\n{"message":"hi"}`
  expect(await ask(`/api/1/envelope/?sentry_key=${K1}`, { headers, body })).toMatchObject({
    status: 200,
  })
  expect(await isStored()).toBe(true)
})

test("a byte order mark, NUL in a text, a byte that is no UTF-8", async () => {
  const broken = Buffer.from('{"message":"a?b"}')
  broken[13] = 0xff
  for (const body of [`\uFEFF{"message":"x"}`, '{"message":"a\\u0000b"}', broken]) {
    expect(await store(body)).toMatchObject({ status: 200 })
  }
  const stored = await events()
  expect(stored).toHaveLength(3)
  expect(JSON.stringify(stored)).not.toContain("\\u0000")
})
