import { expect, test } from "bun:test"
import zlib from "node:zlib"
import { connect, type Sql } from "#platform/db.ts"
import { chunkOf, exchange } from "../support/exchange.ts"
import type { Started } from "../support/executable.ts"
import { memoryOf } from "../support/memory.ts"
import { MULTIPART, multipart } from "../support/minidump.ts"
import { until } from "../support/services.ts"
import { bombs, oddEvents, spaciousEvents } from "./hostile-bodies.ts"

const MIB = 1024 * 1024
/** What a process may be larger by for good, after all of this and a moment of rest. */
const MAY_GROW_BY = 100 * MIB
/** What it may ever have been: a body of 100 MB unpacked, on top of itself. */
const MAY_EVER_BE = 700 * MIB
const BOMBS = bombs()
const TOO_LARGE: Answer = [413, { detail: "request body exceeds the size limit" }]
const DEEP = `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`

export type Place = {
  started: Started
  databaseUrl: string
  /** The processes that meet what is sent. */
  pids(): Promise<{ pid: number; role: string }[]>
}

/** Everything that must get a clear answer, or be stored as far as it makes sense. Call it at the top of a test file. */
export async function sendBadInput(place: Place): Promise<void> {
  const door = await openDoor(place)
  await door.expectGoodEventStored()
  const before = await door.memory()

  test("a wrong key, an unknown project, no key, half a key", async () => {
    const { post, projectId } = door
    const rejected = { detail: "event submission rejected with_reason: ProjectId" }
    const stranger = { key: "f".repeat(32) }
    expect(await post("{}", stranger)).toEqual([403, rejected])
    expect(await post("{}", { path: "/api/99999999/store/" })).toEqual([403, rejected])
    const path = `/api/${"9".repeat(30)}/store/`
    expect(await post("{}", { path })).toEqual([400, { detail: "bad project path parameter" }])
    const missing = { detail: "missing authorization information" }
    expect(await post("{}", { key: null })).toEqual([401, missing])
    const half = { key: "abc", path: `/api/${projectId}/envelope/` }
    expect(await post("{}", half)).toEqual([
      400,
      { detail: "bad sentry DSN public key", causes: ["invalid project key"] },
    ])
  })

  test("100 MB, announced and in chunks", async () => {
    const announced = await exchange(door.port, [door.head("Content-Length: 104857600")])
    const megabyte = chunkOf("x".repeat(MIB))
    const parts = [door.head("Transfer-Encoding: chunked"), ...Array<string>(100).fill(megabyte)]
    for (const answer of [announced, await exchange(door.port, parts)]) {
      expect(answer).toStartWith("HTTP/1.1 413")
      expect(answer).toEndWith('{"detail":"request body exceeds the size limit"}')
    }
  })

  test.each(BOMBS)("128 MB packed as %s", async (encoding, body) => {
    const headers = { "content-encoding": encoding }
    expect(await door.post(body, { headers })).toEqual(TOO_LARGE)
    expect(await door.envelope(body, { headers })).toEqual(TOO_LARGE)
    const together = Array.from({ length: 6 }, () => door.envelope(body, { headers }))
    expect(await Promise.all(together)).toEqual(Array<Answer>(6).fill(TOO_LARGE))
  })

  test.each([
    ["minidump", "minidump/"],
    ["unreal", `unreal/${door.key}/`],
    ["attachments", `events/${"a".repeat(32)}/attachments/`],
    ["cron", `cron/job/${door.key}/`],
    ["security", "security/"],
    ["nel", "nel/"],
  ])("bombs, 100 MB and nothing to the endpoint of %s", async (_name, endpoint) => {
    const path = `/api/${door.projectId}/${endpoint}`
    const json = { "content-type": "application/json" }
    for (const [encoding, body] of BOMBS) {
      const headers = { ...json, "content-encoding": encoding }
      expect([encoding, await door.post(body, { path, headers })]).toEqual([encoding, TOO_LARGE])
    }
    const announced = door.head("Content-Length: 104857600").replace(/\/api\S+/, path)
    expect(await exchange(door.port, [announced])).toStartWith(
      endpoint === "security/" || endpoint === "nel/" ? "HTTP/1.1 415" : "HTTP/1.1 413",
    )
    expect((await door.post("", { path, headers: json }))[0]).toBe(400)
  })

  test("a dump in a form that would be 128 MB, a form of 100,000 parts, one without an end", async () => {
    const path = `/api/${door.projectId}/minidump/`
    const send = (body: Body, headers = MULTIPART) => door.post(body, { path, headers })
    for (const [, body] of BOMBS.filter(([encoding]) => ["gzip", "zstd"].includes(encoding))) {
      const part = { name: "upload_file_minidump", filename: "a.dmp", content: body }
      expect(await send(multipart([part]))).toEqual([400, { detail: "invalid minidump" }])
    }
    const parts = Array.from({ length: 100_000 }, () => ({ name: "a", content: "" }))
    const broken: Answer = [400, { detail: "invalid multipart data" }]
    expect(await send(multipart(parts))).toEqual(broken)
    expect(await send("------crash\r\n".repeat(1_000_000))).toEqual(broken)
    expect(await send(multipart(parts.slice(0, 2)).subarray(0, -8))).toEqual(broken)
    const endless = { "Content-Type": `multipart/form-data; boundary=${"b".repeat(100_000)}` }
    expect([400, 431]).toContain((await send("x", endless))[0])
  })

  test("broken compression, and one that nobody knows", async () => {
    const packed = zlib.gzipSync('{"message":"x"}')
    const gzip = { headers: { "content-encoding": "gzip" } }
    const unreadable: Answer = [400, { detail: "failed to read request body" }]
    expect(await door.post(packed.subarray(0, -9), gzip)).toEqual(unreadable)
    expect(await door.post(packed.fill(7, 12, 20), gzip)).toEqual(unreadable)
    expect(await door.post("plain", gzip)).toEqual(unreadable)
    const zstd = { headers: { "content-encoding": "zstd" } }
    const cut = zlib.zstdCompressSync(Buffer.alloc(5000, "ab")).subarray(0, -3)
    expect(await door.post(cut, zstd)).toEqual(unreadable)
    const foo = { headers: { "content-encoding": "foo" } }
    expect(await door.post("{}", foo)).toEqual([415, { detail: "unsupported content encoding" }])
    const layers = { headers: { "content-encoding": "gzip, gzip, gzip" } }
    expect((await door.post(packed, layers))[0]).toBe(400)
  })

  test.each([
    ["nothing", "", "empty request body", undefined],
    ["broken JSON", '{"message":', "invalid JSON data", "not a JSON text"],
    ["JSON that is no object", "[{}]", "invalid JSON data", undefined],
    ["100,000 levels", DEEP, "invalid JSON data", "nested too deeply"],
    ["100,000 brackets", "[".repeat(100_000), "invalid JSON data", undefined],
    [
      "a million members",
      `{"extra":[${"1,".repeat(500_000)}1]}`,
      "invalid JSON data",
      "too many members",
    ],
    ["an id that is a path", '{"event_id":"../../x"}', "invalid JSON data", "invalid event id"],
  ])("%s", async (_name, body, detail, cause) => {
    const startedAt = performance.now()
    const [status, answer] = await door.post(body)
    expect([status, answer]).toMatchObject([400, { detail, ...(cause && { causes: [cause] }) }])
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  })

  test.each([
    ["a million items", `{}\n${'{"type":"x"}\n\n'.repeat(1_000_000)}`, "too many items"],
    ["no header", "\n\n", "missing envelope header"],
    ["a header of 10 MB", `{"a":"${"x".repeat(10 * MIB)}"}\n`, "invalid envelope header"],
    ["an id that is a path", '{"event_id":"../../etc"}\n', "invalid envelope header"],
    ["less than announced", '{}\n{"type":"event","length":99}\n{}', "unexpected end of file"],
    ["100,000 levels in its header", `${DEEP}\n`, "invalid envelope header"],
  ])("an envelope with %s", async (_name, body, cause) => {
    expect(await door.envelope(body)).toEqual([
      400,
      { detail: "invalid event envelope", causes: [cause] },
    ])
  })

  test("an event over 1 MiB", async () => {
    const body = JSON.stringify({ message: "x".repeat(MIB) })
    expect((await door.post(body))[0]).toBe(413)
  })

  test("odd events are stored as far as they make sense", async () => {
    const events = Object.entries(oddEvents)
    await door.expectStored(events.map(([name, body]) => [name, body]))
  })

  test("a megabyte of spaces in any string takes no time", async () => {
    const events = Object.entries(spaciousEvents)
    const startedAt = performance.now()
    await door.expectStored(events.map(([name, event]) => [name, JSON.stringify(event)]))
    expect(performance.now() - startedAt).toBeLessThan(15_000)
  })

  test("leaves every process alive, its memory flat, and the queue moving", async () => {
    await door.expectGoodEventStored()
    expect(await door.deadLetters()).toBe(0)
    const after = await door.memory()
    expect(after.map(({ pid }) => pid)).toEqual(before.map(({ pid }) => pid))
    for (const { most } of after) expect(most).toBeLessThan(MAY_EVER_BE)
    await until("memory is what it was", async () => {
      const rested = await door.memory()
      return rested.every(({ now }, index) => now - (before[index]?.now ?? 0) < MAY_GROW_BY)
    })
  })
}

type Body = string | Buffer<ArrayBuffer>
/** Status and JSON. */
type Answer = [status: number, body: unknown]
type Request = { key?: string | null; path?: string; headers?: Record<string, string> }

/** A project of an installation, and ways to knock. */
async function openDoor({ started, databaseUrl, pids }: Place) {
  const run = async (...words: string[]) => (await started.run(...words)).stdout.trim()
  await run("orgs", "create", "acme")
  const made = ["--org", "acme", "--platform", "other", "--dsn-only"]
  const dsn = new URL(await run("projects", "create", "shop", ...made))
  const projectId = dsn.pathname.slice(1)
  const sql = connect(databaseUrl, { max: 1 })
  const authOf = (key: string) => `Sentry sentry_version=7, sentry_key=${key}`

  const post = async (body: Body, request: Request = {}): Promise<Answer> => {
    const { key = dsn.username, path = `/api/${projectId}/store/`, headers = {} } = request
    const credentials = key === null ? {} : { "x-sentry-auth": authOf(key) }
    const init = { method: "POST", headers: { ...credentials, ...headers }, body }
    const response = await fetch(`${started.url}${path}`, init)
    return [response.status, await response.json()]
  }
  const expectStored = async (events: (readonly [name: string, body: string])[]) => {
    const ids: string[] = []
    for (const [name, body] of events) {
      const [status, answer] = await post(body)
      expect([name, status]).toEqual([name, 200])
      ids.push((answer as { id: string }).id)
    }
    await until("all of them are stored", async () => (await storedOf(sql, ids)) === ids.length)
  }
  return {
    port: started.port,
    projectId,
    key: dsn.username,
    post,
    envelope: (body: Body, request: Request = {}) =>
      post(body, { path: `/api/${projectId}/envelope/`, ...request }),
    head: (...headers: string[]) =>
      [
        `POST /api/${projectId}/store/ HTTP/1.1`,
        "Host: localhost",
        `X-Sentry-Auth: ${authOf(dsn.username)}`,
        ...headers,
        "",
        "",
      ].join("\r\n"),
    expectStored,
    expectGoodEventStored: () => expectStored([["good", '{"message":"a good one"}']]),
    deadLetters: async () => {
      const [row] = await sql<{ count: number }[]>`select count(*)::int from dead_letters`
      return row?.count
    },
    memory: async () =>
      Promise.all((await pids()).map(async (each) => ({ ...each, ...(await memoryOf(each.pid)) }))),
  }
}

async function storedOf(sql: Sql, ids: string[]): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int from events where event_id = any(${ids}::uuid[])`
  return row?.count ?? 0
}
