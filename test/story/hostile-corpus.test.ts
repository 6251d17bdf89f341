import { afterAll, expect, test } from "bun:test"
import { randomBytes } from "node:crypto"
import { readFileSync } from "node:fs"
import { connect as connectSocket, type Socket } from "node:net"
import zlib from "node:zlib"
import { connect } from "#platform/db.ts"
import { embeddedUrl } from "#platform/postgres/server.ts"
import { foundAcme } from "../support/acme.ts"
import { exchange } from "../support/exchange.ts"
import { startAppliance } from "../support/executable.ts"
import { memoryOf } from "../support/memory.ts"
import { until } from "../support/services.ts"

const MIB = 1024 * 1024
const QUICK_BROTLI = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 3 } }

const appliance = await startAppliance()
const acme = await foundAcme(appliance)
const sql = connect(await embeddedUrl(appliance.dataDir), { max: 1 })
afterAll(() => sql.end())
const [dsn, other] = [new URL(await acme.project("one")), new URL(await acme.project("two"))]
const web = (await appliance.processes()).find(({ role }) => role === "web")?.pid ?? 0
const address = (to: URL, endpoint = "store") => `/api${to.pathname}/${endpoint}/`
const auth = (to: URL) =>
  `Sentry sentry_version=7, sentry_client=corpus/1, sentry_key=${to.username}`
const head = [`Host: 127.0.0.1:${appliance.port}`, `X-Sentry-Auth: ${auth(dsn)}`]
const post1 = `POST ${address(dsn)} HTTP/1.1`

/** They are there while everything else is tested. */
const slow = [
  ...slowSockets(1_200, [post1, ...head, "Content-Length: 100", "", "{"].join("\r\n")),
  ...slowSockets(400, [post1, ...head, "X-Slow: "].join("\r\n")),
  ...slowSockets(400, ""),
]

type Body = string | Buffer<ArrayBuffer>

async function post(body: Body, { to = dsn, endpoint = "store", headers = {} } = {}) {
  const all = { "x-sentry-auth": auth(to), ...headers }
  const request = { method: "POST", headers: all, body }
  const response = await fetch(`${appliance.url}${address(to, endpoint)}`, request)
  return { status: response.status, json: (await response.json()) as Record<string, unknown> }
}

async function stored(id: unknown, to = dsn) {
  const find = () => sql<{ issueId: string; title: string }[]>`
    select issue_id, title from events
    where event_id = ${String(id)} and project_id = ${to.pathname.slice(1)}`
  await until("the event is stored", async () => (await find()).length > 0)
  const [row] = await find()
  const issue = row?.issueId ?? ""
  return acme.get<{ title: string; _meta: unknown; context: Record<string, unknown> }>(
    `/issues/${issue}/events/${id}/`,
  )
}

/** Milliseconds of CPU time that the web process has had, in steps of ten. */
function effortOfWeb(): number {
  const fields = readFileSync(`/proc/${web}/stat`, "utf8").split(") ")[1]?.split(" ") ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}

test.each([
  ["gzip", () => zlib.gzipSync(zeros(), { level: 1 })],
  ["deflate", () => zlib.deflateSync(zeros(), { level: 1 })],
  ["br", () => zlib.brotliCompressSync(zeros(), QUICK_BROTLI)],
  ["zstd", () => zlib.zstdCompressSync(zeros())],
])("200 MiB of zeros as %s are refused in 100 ms and 40 MB", async (encoding, pack) => {
  const body = pack()
  const before = (await memoryOf(web)).now
  const effort = effortOfWeb()
  const { status } = await post(body, { headers: { "content-encoding": encoding } })
  expect(status).toBe(413)
  expect(effortOfWeb() - effort).toBeLessThanOrEqual(100)
  expect((await memoryOf(web)).now - before).toBeLessThan(40 * MIB)
})

const zeros = () => Buffer.alloc(200 * MIB)

test("gzip in gzip is unpacked as often as the header says, and no further", async () => {
  const body = zlib.gzipSync(zlib.gzipSync('{"message":"twice"}'))
  const as = (encoding: string) => post(body, { headers: { "content-encoding": encoding } })
  expect((await as("gzip")).status).toBe(400)
  expect((await as("gzip, gzip")).status).toBe(200)
  expect((await as("gzip, gzip, gzip")).status).toBe(400)
})

test.each([
  ["50,000 lists", `{"extra":${"[".repeat(50_000)}`],
  ["50,000 objects", '{"a":'.repeat(50_000)],
  ["50,000 lists that end", `{"extra":${"[".repeat(50_000)}${"]".repeat(50_000)}}`],
  ["a million lists", `{"extra":${"[".repeat(1_000_000)}`],
])("%s inside each other are refused in 20 ms", async (_name, body) => {
  const effort = effortOfWeb()
  for (let times = 0; times < 5; times++) {
    const refused = { detail: "invalid JSON data", causes: ["nested too deeply"] }
    expect(await post(body)).toEqual({ status: 400, json: refused })
  }
  expect((effortOfWeb() - effort) / 5).toBeLessThanOrEqual(20)
})

test("20,001 keys are cut to size, and the event says so", async () => {
  const keys = Array.from({ length: 20_001 }, (_, index) => [`k${index}`, "v".repeat(20)])
  const { json } = await post(JSON.stringify({ message: "keys", extra: Object.fromEntries(keys) }))
  const { context, _meta } = await stored(json.id)
  expect(Object.keys(context).length).toBeLessThan(20_001)
  expect(JSON.stringify(_meta)).toContain('"len"')
})

test("words too long for any index, and too random to be packed, are stored", async () => {
  const long = randomBytes(6_308).toString("hex")
  const frame = { function: long, module: long, filename: long, abs_path: `/${long}` }
  const event = {
    message: long,
    ...{ transaction: long, culprit: long, logger: long, server_name: long, release: long },
    ...{ dist: long, environment: long, platform: long, fingerprint: [long], checksum: long },
    tags: { long, [long]: "x" },
    user: { id: long, email: long, username: long },
    request: { url: `https://shop.test/${long}`, method: long },
    sdk: { name: long, version: long },
    exception: { values: [{ type: long, value: long, stacktrace: { frames: [frame] } }] },
  }
  const { json } = await post(JSON.stringify(event))
  expect((await stored(json.id)).title).toStartWith(long.slice(0, 100))
})

test("of a key that is there twice the last one counts, at the door and behind it", async () => {
  const [first, last] = ["1".repeat(32), "2".repeat(32)]
  const text = `{"event_id":"${first}","message":"first","event_id":"${last}","message":"last"}`
  const { json } = await post(text)
  expect(json.id).toBe(last)
  expect((await stored(last)).title).toBe("last")
})

test("UTF-16, and text behind the JSON, are no JSON", async () => {
  for (const body of [Buffer.from('{"message":"x"}', "utf16le"), '{"message":"x"} x', "{},{}"]) {
    expect((await post(body)).status).toBe(400)
  }
})

test.each([
  ...["../../x", "A".repeat(31), "a".repeat(33), "１".repeat(32), ` ${"a".repeat(32)}`, "", 5, {}],
])("the id %p is refused by both endpoints", async (id) => {
  const event = JSON.stringify({ event_id: id, message: "x" })
  expect((await post(event)).status).toBe(400)
  const envelope = `${JSON.stringify({ event_id: id })}\n{"type":"event"}\n{"message":"x"}`
  expect((await post(envelope, { endpoint: "envelope" })).status).toBe(400)
})

test("one id in two projects is two events", async () => {
  const id = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"
  const plain = id.replaceAll("-", "")
  for (const [to, message] of [
    [dsn, "mine"],
    [other, "yours"],
  ] as const) {
    const { json } = await post(JSON.stringify({ event_id: id.toUpperCase(), message }), { to })
    expect(json).toEqual({ id: plain })
    expect((await stored(plain, to)).title).toBe(message)
  }
})

test.each<[name: string, lines: string[], statuses: number[]]>([
  ["two lengths", [post1, ...head, "Content-Length: 2", "Content-Length: 3", "", "{}"], [400]],
  [
    "a length and chunks",
    [post1, ...head, "Content-Length: 5", "Transfer-Encoding: chunked", "", "0", "", ""],
    [400],
  ],
  ["a folded header", [post1, ...head, "X-A: b", " c", "Content-Length: 2", "", "{}"], [400]],
  ["no host", [post1, head[1] ?? "", "Content-Length: 2", "", "{}"], [400]],
  ["TRACE", [`TRACE ${address(dsn)} HTTP/1.1`, ...head, "", ""], [405]],
  ["TRACE of a page", ["TRACE /auth/login/ HTTP/1.1", ...head, "", ""], [403, 405]],
  [
    "CONNECT",
    ["CONNECT evil.example:443 HTTP/1.1", "Host: evil.example:443", "", ""],
    [400, 403, 405],
  ],
  ["20 KB of header", [post1, ...head, `X-A: ${"x".repeat(20_480)}`, "", ""], [431]],
  [
    "300 headers",
    [post1, ...head, ...Array.from({ length: 300 }, (_, n) => `X-${n}: 1`), "", ""],
    [431],
  ],
])("%s", async (_name, lines, statuses) => {
  const answer = await exchange(appliance.port, [lines.join("\r\n")])
  expect(statuses).toContain(Number(answer.split(" ")[1]))
})

test("an address with somebody else's host in it is our own page, never fetched from there", async () => {
  const line = `GET http://evil.example/_health/ HTTP/1.1`
  const answer = await exchange(appliance.port, [[line, ...head, "", ""].join("\r\n")])
  expect(answer).toEndWith("\r\n\r\nok")
})

test("2,000 sockets that say next to nothing are closed within 15 seconds, and held up nobody", async () => {
  expect(slow).toHaveLength(2_000)
  const { json } = await post('{"message":"in between"}')
  await stored(json.id)
  await until("the slow sockets are closed", () => slow.every(({ closedAt }) => closedAt), 30_000)
  const longest = Math.max(...slow.map(({ openedAt, closedAt }) => (closedAt ?? 0) - openedAt))
  expect(longest).toBeLessThan(15_000)
}, 60_000)

type SlowSocket = { socket: Socket; openedAt: number; closedAt: number | null }

/** Each writes this much and then a byte every second. */
function slowSockets(count: number, text: string): SlowSocket[] {
  return Array.from({ length: count }, () => {
    const socket = connectSocket(appliance.port, "127.0.0.1")
    const each: SlowSocket = { socket, openedAt: performance.now(), closedAt: null }
    socket.on("connect", () => {
      each.openedAt = performance.now()
      socket.write(text)
    })
    const drip = setInterval(() => text !== "" && socket.write(" "), 1_000)
    socket.on("error", () => {})
    socket.on("close", () => {
      clearInterval(drip)
      each.closedAt = performance.now()
    })
    return each
  })
}
