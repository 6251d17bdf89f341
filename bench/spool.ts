import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { connect } from "#platform/db.ts"
import { messageId } from "#platform/ids.ts"
import { createLog } from "#platform/log.ts"
import { encodeRecord } from "#platform/queue/record.ts"
import { createSpoolQueue } from "#platform/queue/spool-queue.ts"
import { openSpool, type Spool } from "#platform/spool/writer.ts"

/**
 * Records a second and CPU per record, for appending to the spool and for taking from it.
 * `bun bench/spool.ts`; BENCH_DIR names the disk, TEST_DATABASE_URL a PostgreSQL server that may be filled.
 */
const SECONDS = 2
const SIZES = [500, 2000, 9000]
const WRITERS = [1, 8, 32, 128]

type Row = { what: string; size: number; "at once": number; "records/s": number; "CPU µs": string }

async function measure(work: () => Promise<number>) {
  const cpu = process.cpuUsage()
  const startedAt = performance.now()
  const count = await work()
  const seconds = (performance.now() - startedAt) / 1000
  const used = process.cpuUsage(cpu)
  return {
    "records/s": Math.round(count / seconds),
    "CPU µs": ((used.user + used.system) / count).toFixed(1),
  }
}

/** Writers that each wait for one append before the next. */
function append(spool: Spool, body: Uint8Array, writers: number) {
  return measure(async () => {
    const until = performance.now() + SECONDS * 1000
    let count = 0
    const write = async () => {
      while (performance.now() < until) {
        await spool.append(encodeRecord(messageId(), body))
        count++
      }
    }
    await Promise.all(Array.from({ length: writers }, write))
    return count
  })
}

/** Takes everything, each batch with its transaction. */
function drain(directory: string, max: number) {
  return measure(async () => {
    const queue = createSpoolQueue({ directory, sql, log })
    const limits = { max, maxBytes: 1e9, waitMs: 0, signal: new AbortController().signal }
    let count = 0
    for (let batch = await queue.take(limits); batch; batch = await queue.take(limits)) {
      const { commit } = batch
      count += batch.records.length
      await sql.begin((tx) => commit(tx))
      await batch.acknowledge()
    }
    await queue.stop()
    return count
  })
}

const log = createLog({ level: "warn", format: "human", role: "bench" })
const sql = connect(process.env.TEST_DATABASE_URL ?? "postgres://postgres@127.0.0.1:55432", {
  max: 1,
})
await sql`
  create temporary table spool_positions (
    segment text primary key, position bigint not null, updated_at timestamptz default now())`
const rows: Row[] = []
for (const size of SIZES) {
  const body = crypto.getRandomValues(new Uint8Array(size))
  for (const writers of WRITERS) {
    const directory = await mkdtemp(join(process.env.BENCH_DIR ?? tmpdir(), "sentry-lite-spool-"))
    const limits = { segmentBytes: 64 * 1024 * 1024, maxBytes: 2 ** 40, minFreeBytes: 0 }
    const spool = await openSpool({ directory, ...limits })
    rows.push({ what: "append", size, "at once": writers, ...(await append(spool, body, writers)) })
    await spool.stop()
    if (writers === 32) {
      rows.push({ what: "take", size, "at once": 500, ...(await drain(directory, 500)) })
    }
    await rm(directory, { recursive: true })
  }
}
await sql.end()
console.table(rows)
