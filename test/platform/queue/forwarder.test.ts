import { afterAll, expect, test } from "bun:test"
import { readdirSync } from "node:fs"
import { messageId } from "#platform/ids.ts"
import { createLog } from "#platform/log.ts"
import { startForwarder } from "#platform/queue/forwarder.ts"
import { decodeRecord, encodeRecord } from "#platform/queue/record.ts"
import { createStreamQueue } from "#platform/queue/stream-queue.ts"
import { connectRedis } from "#platform/redis.ts"
import { testRedis } from "../../support/redis.ts"
import { ownRedis } from "../../support/redis-server.ts"
import { givenSpool, temporaryFolder, until } from "../../support/spool.ts"

const { redis, url } = await testRedis()
const log = createLog({ level: "fatal", format: "machine", role: "test" })
const client = await connectRedis(url, log)
afterAll(() => client.disconnect())

type Limits = { maxEntries?: number; keptMs?: number; keptBytes?: number; segmentBytes?: number }

/** A spool, its forwarder and the stream they fill. */
async function givenLine(limits: Limits = {}, redisOfLine = client) {
  const { segmentBytes = 64 * 1024 * 1024, ...kept } = limits
  const directory = temporaryFolder()
  const name = `test:{${crypto.randomUUID()}}`
  const streams = [{ stream: name, marker: `${name}:marker` }] as const
  const spool = await givenSpool(directory, { segmentBytes })
  const roomy = { maxEntries: 1e6, maxBytes: 1e12, keptBytes: 1e12 }
  const start = (writerId = spool.writerId) =>
    startForwarder({ directory, writerId, redis: redisOfLine, streams, ...roomy, ...kept, log })
  const put = async (count: number) => {
    const ids = Array.from({ length: count }, messageId)
    await Promise.all(ids.map((id) => spool.append(encodeRecord(id, new Uint8Array(50)))))
    return ids
  }
  const inStream = async () => {
    const entries = await redis.xrangeBuffer(name, "-", "+")
    return entries.map(([, fields]) => decodeRecord(fields[1] ?? Buffer.alloc(0))?.id ?? "")
  }
  const queue = () =>
    createStreamQueue({
      redis: client,
      streams: [name],
      consumer: crypto.randomUUID(),
      claimIdleMs: 60_000,
      log,
    })
  return { directory, name, marker: `${name}:marker`, spool, start, put, inStream, queue }
}

const soon = { max: 500, maxBytes: 1e9, waitMs: 2000, signal: new AbortController().signal }

test("what is spooled reaches the stream's readers", async () => {
  const line = await givenLine()
  const forwarder = line.start()
  const ids = await line.put(300)
  await until(async () => (await line.inStream()).length === 300)
  expect((await line.inStream()).sort()).toEqual(ids.sort())
  expect(forwarder.status()).toMatchObject({ state: "forwarding", problem: null })
  await line.spool.stop()
  await forwarder.stop({ withinMs: 1000 })
})

test("a flush while forwarding loses nothing: everything arrives at least once", async () => {
  const line = await givenLine({ segmentBytes: 20_000 })
  const forwarder = line.start()
  const reader = line.queue()
  const wanted = new Set<string>()
  const arrived = new Set<string>()
  const isComplete = () => wanted.size === 3000 && [...wanted].every((id) => arrived.has(id))
  const consume = async () => {
    while (!isComplete()) {
      const batch = await reader.take({ ...soon, waitMs: 100 })
      for (const { id } of batch?.records ?? []) arrived.add(id)
      await batch?.acknowledge()
    }
  }
  const consuming = consume()
  for (let round = 0; round < 30; round++) {
    for (const id of await line.put(100)) wanted.add(id)
    if (round % 7 === 3) await redis.flushdb()
  }
  await consuming
  expect(isComplete()).toBe(true)
  await reader.stop()
  await line.spool.stop()
  await forwarder.stop({ withinMs: 1000 })
}, 20_000)

test("a full stream holds the spool back until there is room", async () => {
  const line = await givenLine({ maxEntries: 100 })
  const forwarder = line.start()
  await line.put(1000)
  await until(() => forwarder.status().state === "full")
  expect((await line.inStream()).length).toBeLessThan(400)
  const reader = line.queue()
  let seen = 0
  await until(async () => {
    const batch = await reader.take(soon)
    seen += batch?.records.length ?? 0
    await batch?.acknowledge()
    return seen === 1000
  })
  await reader.stop()
  await line.spool.stop()
  await forwarder.stop({ withinMs: 1000 })
})

test("the next process forwards what a dead one left, and goes on where it was", async () => {
  const line = await givenLine()
  const before = line.start()
  await line.put(10)
  await until(async () => (await line.inStream()).length === 10)
  await before.stop({ withinMs: 1000 })
  const ids = await line.put(5)
  await line.spool.stop()
  const next = line.start(messageId())
  await until(async () => (await line.inStream()).length === 15)
  expect((await line.inStream()).slice(10).sort()).toEqual(ids.sort())
  await next.stop({ withinMs: 1000 })
})

test("another process' segments are left alone while it lives", async () => {
  const line = await givenLine()
  const other = line.start(messageId())
  await line.put(3)
  await until(() => other.status().state === "forwarding")
  await Bun.sleep(600) // longer than it takes to look through the folder
  expect(await line.inStream()).toEqual([])
  await line.spool.stop()
  await until(async () => (await line.inStream()).length === 3)
  await other.stop({ withinMs: 1000 })
})

test("a segment is kept while the queue holds any of it, and then for its time", async () => {
  const line = await givenLine({ keptMs: 0 })
  const forwarder = line.start()
  await line.put(5)
  await line.spool.stop()
  await until(async () => (await line.inStream()).length === 5)
  const reader = line.queue()
  const batch = await reader.take(soon)
  await Bun.sleep(1200) // two sweeps
  expect(readdirSync(line.directory).some((name) => name.endsWith(".seg"))).toBe(true)
  await batch?.acknowledge()
  await until(() => readdirSync(line.directory).length === 0)
  await reader.stop()
  await forwarder.stop({ withinMs: 1000 })
})

test("consumed segments give way when they take too much space", async () => {
  const line = await givenLine({ keptBytes: 0 })
  const forwarder = line.start()
  const reader = line.queue()
  await line.put(5)
  await line.spool.stop()
  await (await reader.take(soon))?.acknowledge()
  await until(() => readdirSync(line.directory).length === 0)
  await reader.stop()
  await forwarder.stop({ withinMs: 1000 })
})

test.each(["server", "cluster"])(
  "a %s that comes back without its last entries is given them again",
  async (kind) => {
    const folder = temporaryFolder()
    const options =
      kind === "cluster" ? ["--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1"] : []
    const server = await ownRedis("--dir", folder, ...options)
    const admin = await connectRedis(server.url, log)
    if (kind === "cluster") await admin.call("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
    const at = kind === "cluster" ? server.url.replace("redis:", "redis+cluster:") : server.url
    await until(async () => (await admin.set("ready", 1).catch(() => "")) === "OK")
    const other = await connectRedis(at, log)

    const line = await givenLine({}, other)
    const forwarder = line.start()
    await until(async () => (await admin.exists(line.marker)) === 1)
    await admin.save() // what a replica had heard of
    await line.put(20)
    await until(async () => (await admin.xlen(line.name).catch(() => 0)) === 20)
    await server.kill()
    await server.start()
    await until(async () => (await admin.xlen(line.name).catch(() => 0)) === 20)
    await line.spool.stop()
    await forwarder.stop({ withinMs: 1000 })
    for (const connection of [admin, other]) connection.disconnect()
  },
  20_000,
)
