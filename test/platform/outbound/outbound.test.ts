import { afterAll, expect, test } from "bun:test"
import { gzipSync } from "node:zlib"
import { createGuard } from "#platform/outbound/guard.ts"
import { createOutbound, type Resolve } from "#platform/outbound/outbound.ts"

/** What the server saw. */
const seen: { path: string; host: string | null; cookie: string | null }[] = []
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch(request) {
    const { pathname, searchParams } = new URL(request.url)
    const { headers } = request
    seen.push({ path: pathname, host: headers.get("host"), cookie: headers.get("cookie") })
    const location = searchParams.get("to")
    if (location)
      return new Response(null, { status: 302, headers: { location, "set-cookie": "a=b" } })
    if (pathname === "/silent") return new Promise<Response>(() => {})
    if (pathname === "/drip") return new Response(dripping())
    if (pathname === "/large") return new Response("x".repeat(5_000))
    if (pathname === "/bomb") {
      const headers = { "content-encoding": "gzip" }
      return new Response(gzipSync(Buffer.alloc(1_000_000)), { headers })
    }
    if (pathname === "/gone") return new Response(null, { status: 404 })
    return new Response(gzipSync("script"), { headers: { "content-encoding": "gzip" } })
  },
})
afterAll(() => server.stop(true))

/** More and more, and no end. */
const dripping = () =>
  new ReadableStream({
    async pull(controller) {
      controller.enqueue("x")
      await Bun.sleep(20)
    },
  })

const PORT = String(server.port)
const guardWith = (allowedIps: string[]) =>
  createGuard({ allowedIps, disallowedIps: [], allowedPorts: ["80", PORT], ownHosts: [] })
const open = guardWith(["127.0.0.1"])
const shut = guardWith([])
const here: Resolve = async () => [{ address: "127.0.0.1", family: 4 }]
const question = { maxBytes: 4_000, permits: () => true, headersFor: () => ({}) }
const at = (path: string, host = "cdn.test") => `http://${host}:${PORT}${path}`

const failure = async (promise: Promise<unknown>) =>
  promise.then(
    () => "answered",
    ({ kind, message }: { kind: string; message: string }) => `${kind}: ${message}`,
  )
const NOT_PUBLIC = "refused: its address is not the public internet's"

test("the address that was judged is asked, by its name, which is resolved once", async () => {
  let resolved = 0
  const resolve: Resolve = (hostname) => {
    resolved++
    return here(hostname)
  }
  const answer = await createOutbound(open, resolve)(at("/a.js"), question)
  expect(answer.body.toString()).toBe("script")
  expect(seen.at(-1)).toEqual({ path: "/a.js", host: `cdn.test:${PORT}`, cookie: null })
  expect(resolved).toBe(1)
})

test("a name that changes its address after it was judged gains nothing", async () => {
  const before = seen.length
  // Documentation has no servers.
  const guard = guardWith(["192.0.2.1"])
  const answers = [["192.0.2.1"], ["127.0.0.1"]]
  const rebinding: Resolve = async () =>
    (answers.shift() ?? []).map((address) => ({ address, family: 4 }))
  const times = { totalMs: 300, connectMs: 300 }
  expect(await failure(createOutbound(guard, rebinding, times)(at("/a.js"), question))).not.toBe(
    "answered",
  )
  expect(answers).toEqual([["127.0.0.1"]])
  expect(seen.length).toBe(before)
})

test("one forbidden address among those of a name is enough", async () => {
  const mixed: Resolve = async () => [
    { address: "1.1.1.1", family: 4 },
    { address: "127.0.0.1", family: 4 },
  ]
  expect(await failure(createOutbound(shut, mixed)(at("/a.js"), question))).toBe(NOT_PUBLIC)
})

test("no way of writing a local address gets through", async () => {
  const before = seen.length
  const hosts = [
    ...["127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0x7f.1", "0", "[::1]"],
    ...["[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]"],
    ...["localhost", "localhost.", "LOCALHOST", "①②⑦.⓪.⓪.①", "169.254.169.254", "127.0.0.1."],
  ]
  const outbound = createOutbound(shut)
  for (const host of hosts) {
    expect([host, await failure(outbound(at("/a.js", host), question))]).toEqual([host, NOT_PUBLIC])
  }
  const tricks = [
    at("/a.js", "cdn.test@127.0.0.1"),
    at("/a.js", "127.0.0.1#@cdn.test"),
    "//x",
    "gopher://127.0.0.1/",
  ]
  for (const trick of tricks) {
    expect([trick, await failure(outbound(trick, question))]).toEqual([
      trick,
      expect.stringMatching(/^refused/),
    ])
  }
  expect(seen.length).toBe(before)
})

test("redirects are followed three times, each judged anew, without cookies", async () => {
  const outbound = createOutbound(open, here)
  const chain = (hops: number): string =>
    hops === 0 ? "/a.js" : `/r${hops}?to=${encodeURIComponent(chain(hops - 1))}`
  expect((await outbound(at(chain(3)), question)).url.href).toBe(at("/a.js"))
  expect(seen.at(-1)?.cookie).toBeNull()
  expect(await failure(outbound(at(chain(4)), question))).toContain("more than 3 times")
  const elsewhere = [
    "http://127.0.0.2/",
    "http://[::1]/",
    "http://cdn.test:1/",
    "file:///etc/passwd",
  ]
  for (const target of elsewhere) {
    const way = at(`/r?to=${encodeURIComponent(target)}`)
    expect([target, await failure(outbound(way, question))]).toEqual([
      target,
      expect.stringMatching(/^refused/),
    ])
  }
  const own = { ...question, permits: ({ hostname }: URL) => hostname === "cdn.test" }
  const away = at(`/r?to=${encodeURIComponent(at("/a.js", "other.test"))}`)
  expect(await failure(outbound(away, own))).toBe("refused: its host is not an allowed domain")
})

test("what is too large, packed or unpacked, refused or slow is told apart", async () => {
  const outbound = createOutbound(open, here, { totalMs: 300, connectMs: 300 })
  expect(await failure(outbound(at("/large"), question))).toBe("too_large: it is too large")
  expect(await failure(outbound(at("/bomb"), question))).toBe("too_large: it is too large")
  expect(await failure(outbound(at("/gone"), question))).toBe("status: the server answered 404")
  expect(await failure(outbound(at("/silent"), question))).toBe("timeout: it took too long")
  expect(await failure(outbound(at("/drip"), question))).toBe("timeout: it took too long")
  const nowhere = createOutbound(open, () => new Promise(() => {}), { totalMs: 50, connectMs: 50 })
  expect(await failure(nowhere(at("/a.js"), question))).toBe("timeout: it took too long")
  const unknown = createOutbound(open, () => Promise.reject(new Error("ENOTFOUND")))
  expect(await failure(unknown(at("/a.js"), question))).toBe("unreachable: its name is not known")
})

test("variables that name a proxy are nobody's business", async () => {
  const before = process.env.http_proxy
  process.env.http_proxy = "http://127.0.0.1:1"
  try {
    expect((await createOutbound(open, here)(at("/a.js"), question)).body.toString()).toBe("script")
  } finally {
    if (before === undefined) delete process.env.http_proxy
    else process.env.http_proxy = before
  }
})
