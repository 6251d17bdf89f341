import { afterAll, expect, test } from "bun:test"
import { connect } from "node:net"
import { testDatabase } from "../../support/database.ts"
import { givenDoor, givenProjects, K1 } from "../../support/door.ts"

const { sql } = await testDatabase()
await givenProjects(sql)
const door = await givenDoor(sql)
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  idleTimeout: 5,
  maxRequestBodySize: Number.MAX_SAFE_INTEGER,
  fetch: (request, socket) =>
    door.handler(request, socket.requestIP(request)?.address ?? "") ??
    new Response("", { status: 404 }),
})
afterAll(() => server.stop(true))

const head = (...headers: string[]) =>
  [
    "POST /api/1/store/ HTTP/1.1",
    "Host: localhost",
    `X-Sentry-Auth: Sentry sentry_key=${K1}`,
    ...headers,
    "",
    "",
  ].join("\r\n")

/** Writes the parts to a connection of its own; resolves with all that came back once `isEnough` or the end. */
function exchange(parts: Iterable<string | Uint8Array>, isEnough: (text: string) => boolean) {
  const { promise, resolve } = Promise.withResolvers<string>()
  let received = ""
  const socket = connect(server.port ?? 0, "127.0.0.1", async () => {
    for (const part of parts) {
      if (socket.destroyed || isEnough(received)) return
      if (!socket.write(part))
        await new Promise((next) => socket.once("drain", next).once("close", next))
    }
  })
  socket.on("data", (chunk) => {
    received += chunk.toString("latin1")
    if (isEnough(received)) socket.destroy()
  })
  socket.on("error", () => {})
  socket.on("close", () => resolve(received))
  return promise
}
const hasStatus = (status: number) => (text: string) => text.includes(`HTTP/1.1 ${status}`)
const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`

test("100 MB that are announced are refused before they are sent", async () => {
  const answer = await exchange([head("Content-Length: 104857600")], hasStatus(413))
  expect(answer).toStartWith("HTTP/1.1 413")
  expect(answer.toLowerCase()).toContain("access-control-allow-origin: *")
})

test("100 MB in chunks are refused on the way, and memory stays flat", async () => {
  const before = process.memoryUsage().rss
  const megabyte = chunk("x".repeat(1024 * 1024))
  const answer = await exchange(
    [head("Transfer-Encoding: chunked"), ...Array<string>(100).fill(megabyte)],
    hasStatus(413),
  )
  expect(answer).toContain("HTTP/1.1 413")
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024)
})

test("a body in chunks is accepted", async () => {
  const parts = [
    head("Transfer-Encoding: chunked"),
    chunk('{"mess'),
    chunk('age":"x"}'),
    "0\r\n\r\n",
  ]
  expect(await exchange(parts, hasStatus(200))).toContain("HTTP/1.1 200")
})

test("a client that asks before it sends is told to go on", async () => {
  const body = '{"message":"x"}'
  const parts = [head("Expect: 100-continue", `Content-Length: ${body.length}`), body]
  expect(await exchange(parts, hasStatus(200))).toContain("HTTP/1.1 200")
})

test("a connection that breaks in the middle of a body leaves nothing behind", async () => {
  const count = door.messages.length
  const { promise, resolve } = Promise.withResolvers<void>()
  const socket = connect(server.port ?? 0, "127.0.0.1", () => {
    socket.write(`${head("Content-Length: 100")}{"message":`, () => socket.resetAndDestroy())
  })
  socket.on("close", () => resolve())
  await promise
  await exchange([head("Content-Length: 2"), "{}"], hasStatus(200))
  expect(door.messages).toHaveLength(count + 1)
})

test("headers beyond what a server bears, two lengths, a folded header: 4xx, never a crash", async () => {
  const hostile = [
    head(`X-Long: ${"x".repeat(100_000)}`),
    head("Content-Length: 5", "Content-Length: 6"),
    head("Content-Length: 5", "Transfer-Encoding: chunked"),
  ]
  for (const request of hostile) {
    const answer = await exchange([request], (text) => text.includes("\r\n\r\n"))
    expect(answer === "" || /^HTTP\/1\.1 4\d\d/.test(answer)).toBe(true)
  }
  const parts = [head("Content-Length: 2"), "{}"]
  expect(await exchange(parts, hasStatus(200))).toContain("HTTP/1.1 200")
})
