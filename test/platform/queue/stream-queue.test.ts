import { afterAll, expect, test } from "bun:test"
import { messageId } from "#platform/ids.ts"
import { createLog } from "#platform/log.ts"
import type { Batch } from "#platform/queue/queue.ts"
import { encodeRecord } from "#platform/queue/record.ts"
import { createStreamQueue } from "#platform/queue/stream-queue.ts"
import { connectRedis } from "#platform/redis.ts"
import { testRedis } from "../../support/redis.ts"
import { until } from "../../support/spool.ts"

const { redis, url } = await testRedis()
const log = createLog({ level: "fatal", format: "machine", role: "test" })
const client = await connectRedis(url, log)
afterAll(() => client.disconnect())

const signal = new AbortController().signal
const soon = { max: 100, maxBytes: 1e6, waitMs: 1500, signal }
const newStream = () => `test:{${crypto.randomUUID()}}`
const workerOn = (...streams: [string, ...string[]]) =>
  createStreamQueue({ redis: client, streams, consumer: crypto.randomUUID(), claimIdleMs: 30, log })
const put = (stream: string, ...bodies: string[]) =>
  Promise.all(
    bodies.map((body) =>
      redis.xadd(stream, "*", "r", Buffer.from(encodeRecord(messageId(), Buffer.from(body)))),
    ),
  )
const textsOf = (batch: Batch | null) =>
  batch?.records.map(({ body }) => new TextDecoder().decode(body)) ?? []
const deliveriesOf = (batch: Batch | null) => batch?.records.map(({ deliveries }) => deliveries)

test("acknowledging removes the entry and its pending mark together", async () => {
  const stream = newStream()
  await put(stream, "a", "b")
  const worker = workerOn(stream)
  await (await worker.take(soon))?.acknowledge()
  expect(await redis.xlen(stream)).toBe(0)
  expect(await redis.xpending(stream, "workers")).toEqual([0, null, null, null])
  await worker.stop()
})

test("what a dead worker held comes to another, as a second delivery", async () => {
  const stream = newStream()
  await put(stream, "a", "b")
  await workerOn(stream).take(soon)
  const other = workerOn(stream)
  const batch = await other.take(soon)
  expect([textsOf(batch), deliveriesOf(batch)]).toEqual([
    ["a", "b"],
    [2, 2],
  ])
  await other.stop()
})

test("entries that workers died over twice come alone, so that only the culprit is counted on", async () => {
  const stream = newStream()
  await put(stream, "a", "poison", "c")
  await workerOn(stream).take(soon)
  await workerOn(stream).take(soon)
  const third = workerOn(stream)
  const alone = await third.take(soon)
  expect([textsOf(alone), deliveriesOf(alone)]).toEqual([["a"], [3]])
  await alone?.acknowledge()
  const culprit = await third.take(soon)
  expect([textsOf(culprit), deliveriesOf(culprit)]).toEqual([["poison"], [3]])
  const fourth = workerOn(stream)
  const seen = new Map<string, number>()
  await until(async () => {
    const batch = await fourth.take({ ...soon, waitMs: 50 })
    expect(batch?.records.length ?? 1).toBe(1)
    for (const text of textsOf(batch)) seen.set(text, deliveriesOf(batch)?.[0] ?? 0)
    await batch?.acknowledge()
    return seen.size === 2
  })
  expect(Object.fromEntries(seen)).toEqual({ poison: 4, c: 3 })
})

test("a flushed Redis is read on as soon as something arrives", async () => {
  const stream = newStream()
  const worker = workerOn(stream)
  await worker.take({ ...soon, waitMs: 10 })
  const taking = worker.take({ ...soon, waitMs: 3000 })
  await redis.del(stream)
  await put(stream, "after")
  expect(textsOf(await taking)).toEqual(["after"])
  await worker.stop()
})

test("several streams are read by one worker", async () => {
  const [one, two] = [newStream(), newStream()]
  await put(one, "a")
  await put(two, "b")
  const worker = workerOn(one, two)
  const seen = [...textsOf(await worker.take(soon)), ...textsOf(await worker.take(soon))]
  expect(seen.sort()).toEqual(["a", "b"])
  await worker.stop()
})

test("an entry that is no record is reported and does not come again", async () => {
  const stream = newStream()
  await redis.xadd(stream, "*", "r", "short")
  const worker = workerOn(stream)
  const batch = await worker.take(soon)
  expect([batch?.records, batch?.damaged]).toEqual([[], 1])
  await batch?.acknowledge()
  expect(await redis.xlen(stream)).toBe(0)
  await worker.stop()
})

test("a worker that stops with nothing in hand leaves no consumer behind", async () => {
  const stream = newStream()
  const worker = workerOn(stream)
  await worker.take({ ...soon, waitMs: 10 })
  await worker.stop()
  expect(await redis.xinfo("CONSUMERS", stream, "workers")).toEqual([])
})

test("the names of killed workers are forgotten, once they hold nothing and are silent for long", async () => {
  const stream = newStream()
  const names = async () => {
    const consumers = (await redis.xinfo("CONSUMERS", stream, "workers")) as string[][]
    return consumers.map((fields) => fields[1] ?? "")
  }
  const named = (consumer: string, claimIdleMs = 60_000) =>
    createStreamQueue({
      redis: client,
      streams: [stream],
      consumer,
      claimIdleMs,
      forgetAfterMs: 100,
      log,
    })
  await put(stream, "a")
  await (await named("killed with nothing").take(soon))?.acknowledge()
  await put(stream, "b")
  await named("killed with something").take(soon)
  expect((await names()).toSorted()).toEqual(["killed with nothing", "killed with something"])
  const living = named("living")
  await until(async () => {
    await living.take({ ...soon, waitMs: 10 })
    return !(await names()).includes("killed with nothing")
  })
  expect(await names()).toContain("killed with something")
  const heir = named("heir", 0)
  const inherited = await heir.take(soon)
  expect(textsOf(inherited)).toEqual(["b"])
  await inherited?.acknowledge()
  await until(async () => {
    await heir.take({ ...soon, waitMs: 10 })
    await living.take({ ...soon, waitMs: 10 })
    return !(await names()).includes("killed with something")
  })
  await Promise.all([heir.stop(), living.stop()])
})
