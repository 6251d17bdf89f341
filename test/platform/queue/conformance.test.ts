import { afterAll, describe, expect, test } from "bun:test"
import { messageId } from "#platform/ids.ts"
import { createLog } from "#platform/log.ts"
import type { Batch, IngestQueue } from "#platform/queue/queue.ts"
import { encodeRecord } from "#platform/queue/record.ts"
import { createSpoolQueue } from "#platform/queue/spool-queue.ts"
import { createStreamQueue } from "#platform/queue/stream-queue.ts"
import { connectRedis } from "#platform/redis.ts"
import { testDatabase } from "../../support/database.ts"
import { testRedis } from "../../support/redis.ts"
import { givenSpool, temporaryFolder } from "../../support/spool.ts"

const log = createLog({ level: "fatal", format: "machine", role: "test" })
const { sql } = await testDatabase()
const { redis, url } = await testRedis()
const client = await connectRedis(url, log)
afterAll(() => client.disconnect())

/** One queue with everything around it: a way in, and workers. */
type Line = {
  put(records: Uint8Array[]): Promise<void>
  worker(): IngestQueue
  /** The process of a worker dies with what it holds, as far as a test can do that. */
  close(): Promise<void>
}

async function spoolLine(): Promise<Line> {
  const directory = temporaryFolder()
  const spool = await givenSpool(directory)
  const workers: IngestQueue[] = []
  return {
    put: async (records) => void (await Promise.all(records.map((each) => spool.append(each)))),
    worker: () => {
      const worker = createSpoolQueue({ directory, sql, log })
      workers.push(worker)
      return worker
    },
    close: async () => {
      for (const worker of workers) await worker.stop()
      await spool.stop()
    },
  }
}

async function streamLine(): Promise<Line> {
  const stream = `test:{${crypto.randomUUID()}}`
  const workers: IngestQueue[] = []
  return {
    put: async (records) => {
      for (const each of records) await redis.xadd(stream, "*", "r", Buffer.from(each))
    },
    worker: () => {
      const consumer = crypto.randomUUID()
      const worker = createStreamQueue({
        redis: client,
        streams: [stream],
        consumer,
        claimIdleMs: 60_000,
        log,
      })
      workers.push(worker)
      return worker
    },
    close: async () => {
      for (const worker of workers) await worker.stop()
    },
  }
}

const given = (count: number, body = "x") =>
  Array.from({ length: count }, (_, i) =>
    encodeRecord(messageId(), new TextEncoder().encode(`${body}${i}`)),
  )
const bodies = (batch: Batch | null) =>
  batch?.records.map((record) => new TextDecoder().decode(record.body)) ?? []
const signal = new AbortController().signal
const soon = { max: 500, maxBytes: 1_000_000, waitMs: 1000, signal }
const finish = async (batch: Batch | null) => {
  await sql.begin((tx) => batch?.commit(tx))
  await batch?.acknowledge()
}

describe.each([
  ["the spool", spoolLine],
  ["the stream", streamLine],
] as const)("%s", (_, givenLine) => {
  test("gives what was put in, with its id, the first time", async () => {
    const line = await givenLine()
    const id = messageId()
    await line.put([encodeRecord(id, new Uint8Array([0, 255, 10, 13, 128]))])
    const batch = await line.worker().take(soon)
    expect(batch?.records.map(({ id, deliveries }) => ({ id, deliveries }))).toEqual([
      { id, deliveries: 1 },
    ])
    expect([...(batch?.records[0]?.body ?? [])]).toEqual([0, 255, 10, 13, 128])
    await line.close()
  })

  test("gives nothing, in time, when nothing is there", async () => {
    const line = await givenLine()
    expect(await line.worker().take({ ...soon, waitMs: 60 })).toBeNull()
    await line.close()
  })

  test("hands a record over long before the wait is over", async () => {
    const line = await givenLine()
    const worker = line.worker()
    await worker.take({ ...soon, waitMs: 1 })
    const taking = worker.take({ ...soon, waitMs: 30_000 })
    await line.put(given(1))
    const arrived = performance.now()
    expect((await taking)?.records.length).toBe(1)
    expect(performance.now() - arrived).toBeLessThan(10_000)
    await line.close()
  })

  test("fills batches up to their number and up to their bytes", async () => {
    const line = await givenLine()
    await line.put(given(30, "b".repeat(1000)))
    const worker = line.worker()
    expect((await worker.take({ ...soon, max: 10 }))?.records.length).toBe(10)
    const rest = await worker.take({ ...soon, max: 20, maxBytes: 500 })
    expect(rest?.records.length).toBeGreaterThan(0)
    await line.close()
  })

  test("gives acknowledged records to nobody again", async () => {
    const line = await givenLine()
    await line.put(given(20))
    const worker = line.worker()
    const first = await worker.take({ ...soon, max: 12 })
    const second = await worker.take({ ...soon, max: 12 })
    await finish(second)
    await finish(first)
    await worker.stop()
    expect(await line.worker().take({ ...soon, waitMs: 50 })).toBeNull()
    await line.close()
  })

  test("gives two workers no record twice", async () => {
    const line = await givenLine()
    await line.put(given(200))
    const [one, two] = [line.worker(), line.worker()]
    const seen: string[] = []
    for (let round = 0; round < 10; round++) {
      const limits = { ...soon, max: 20, waitMs: 20 }
      const taken = await Promise.all([one.take(limits), two.take(limits)])
      for (const batch of taken) seen.push(...bodies(batch))
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBe(200)
    await line.close()
  })

  test("gives released records again without counting the attempt", async () => {
    const line = await givenLine()
    await line.put(given(3))
    const worker = line.worker()
    await (await worker.take(soon))?.release()
    const again = await worker.take(soon)
    expect(bodies(again).sort()).toEqual(["x0", "x1", "x2"])
    expect(again?.records.map(({ deliveries }) => deliveries)).toEqual([1, 1, 1])
    await line.close()
  })

  test("tells how much waits and since when", async () => {
    const line = await givenLine()
    const worker = line.worker()
    expect(await worker.backlog()).toEqual({ records: 0, bytes: 0, oldestAt: null })
    await line.put(given(5))
    const backlog = await worker.backlog()
    expect(backlog.bytes).toBeGreaterThan(50)
    expect(Math.abs((backlog.oldestAt?.getTime() ?? 0) - Date.now())).toBeLessThan(5000)
    await finish(await worker.take(soon))
    expect((await worker.backlog()).bytes).toBe(0)
    await line.close()
  })

  test("stops waiting when it is told to", async () => {
    const line = await givenLine()
    const abort = new AbortController()
    const taking = line.worker().take({ ...soon, waitMs: 10_000, signal: abort.signal })
    abort.abort()
    expect(await taking).toBeNull()
    await line.close()
  })
})
