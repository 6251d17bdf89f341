import { afterEach, expect, test } from "bun:test"
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { messageId } from "#platform/ids.ts"
import { createLog } from "#platform/log.ts"
import { openAttempts } from "#platform/queue/attempts.ts"
import type { Batch, IngestQueue } from "#platform/queue/queue.ts"
import { encodeRecord } from "#platform/queue/record.ts"
import { listSpoolPositions } from "#platform/queue/spool-position-store.ts"
import { createSpoolQueue } from "#platform/queue/spool-queue.ts"
import { testDatabase } from "../../support/database.ts"
import { givenSpool, temporaryFolder, until } from "../../support/spool.ts"

const { sql, url } = await testDatabase()
const log = createLog({ level: "fatal", format: "machine", role: "test" })
const signal = new AbortController().signal
const soon = { max: 100, maxBytes: 1e6, waitMs: 2000, signal }

const text = (body: string) => encodeRecord(messageId(), new TextEncoder().encode(body))
const textsOf = (batch: Batch | null) =>
  batch?.records.map(({ body }) => new TextDecoder().decode(body)) ?? []
const queues: IngestQueue[] = []
afterEach(async () => {
  for (const queue of queues.splice(0)) await queue.stop()
})
const queueOn = (directory: string) => {
  const queue = createSpoolQueue({ directory, sql, log })
  queues.push(queue)
  return queue
}
/** What a worker printed until it died. */
async function lifeOfWorker(directory: string): Promise<Taken[]> {
  const script = join(import.meta.dir, "dying-worker.ts")
  const child = Bun.spawn([process.execPath, script, directory, url], {
    stdout: "pipe",
    timeout: 4000,
  })
  const text = await new Response(child.stdout).text()
  expect(await child.exited).not.toBe(0)
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
}
/** So many processes got the first record and died. */
async function deathsAt(directory: string, segment: string, deaths: number): Promise<void> {
  for (let death = 0; death < deaths; death++) {
    await (await openAttempts(directory, segment, 0)).gave(1, 0)
  }
}
type Taken = { records: number; deliveries: number; first: string }
const finish = async (batch: Batch | null) => {
  await sql.begin((tx) => batch?.commit(tx))
  await batch?.acknowledge()
}

test("after a restart reading goes on where the last transaction ended", async () => {
  const directory = temporaryFolder()
  const spool = await givenSpool(directory)
  for (const each of ["a", "b", "c"]) await spool.append(text(each))
  const before = queueOn(directory)
  await finish(await before.take({ ...soon, max: 2 }))
  await before.stop()
  expect(textsOf(await queueOn(directory).take(soon))).toEqual(["c"])
  await spool.stop()
})

test("a transaction that was rolled back leaves the position where it was", async () => {
  const directory = temporaryFolder()
  const spool = await givenSpool(directory)
  await spool.append(text("a"))
  const before = queueOn(directory)
  const batch = await before.take(soon)
  const failed = sql.begin(async (tx) => {
    await batch?.commit(tx)
    throw new Error("rolled back")
  })
  await expect(failed).rejects.toThrow("rolled back")
  await before.stop()
  expect(textsOf(await queueOn(directory).take(soon))).toEqual(["a"])
  await spool.stop()
})

test("what a worker gave back before it stopped was not its death", async () => {
  const directory = temporaryFolder()
  const spool = await givenSpool(directory)
  await spool.append(text("a"))
  for (let stop = 0; stop < 5; stop++) {
    const queue = queueOn(directory)
    const batch = await queue.take(soon)
    expect(batch?.records[0]?.deliveries).toBe(1)
    await batch?.release()
    await queue.stop()
  }
  await spool.stop()
})

test("a later batch that is committed first does not carry the position past an earlier one", async () => {
  const directory = temporaryFolder()
  const spool = await givenSpool(directory)
  for (const each of ["a", "b"]) await spool.append(text(each))
  const before = queueOn(directory)
  await before.take({ ...soon, max: 1 })
  await finish(await before.take({ ...soon, max: 1 }))
  await before.stop()
  expect(textsOf(await queueOn(directory).take(soon))).toEqual(["a", "b"])
  await spool.stop()
})

test("a finished segment and its position go when its writer is gone", async () => {
  const directory = temporaryFolder()
  const spool = await givenSpool(directory)
  await spool.append(text("a"))
  await spool.stop()
  const queue = queueOn(directory)
  await finish(await queue.take(soon))
  await until(async () => {
    await queue.take({ ...soon, waitMs: 20 })
    return readdirSync(directory).length === 0
  })
  expect(
    [...(await listSpoolPositions(sql)).keys()].filter((name) => name.includes(spool.writerId)),
  ).toEqual([])
  await queue.stop()
})

test("a worker that dies is followed by another, and its records come as a second delivery", async () => {
  const directory = temporaryFolder()
  const spool = await givenSpool(directory)
  for (const each of ["good", "poison"]) await spool.append(text(each))
  await lifeOfWorker(directory)
  const queue = queueOn(directory)
  const batch = await queue.take(soon)
  expect(textsOf(batch)).toEqual(["good", "poison"])
  expect(batch?.records.map(({ deliveries }) => deliveries)).toEqual([2, 2])
  await finish(batch)
  await spool.append(text("later"))
  await queue.stop()
  await spool.stop()
})

test("records that workers died over twice come alone, and only the culprit's count goes on", async () => {
  const directory = temporaryFolder()
  const spool = await givenSpool(directory)
  for (const each of ["a", "b", "poison", "c"]) await spool.append(text(each))
  const lines: Taken[] = []
  for (let life = 0; life < 4; life++) lines.push(...(await lifeOfWorker(directory)))
  expect(lines).toEqual([
    { records: 4, deliveries: 1, first: "a" },
    { records: 4, deliveries: 2, first: "a" },
    { records: 1, deliveries: 3, first: "a" },
    { records: 1, deliveries: 3, first: "b" },
    { records: 1, deliveries: 3, first: "poison" },
    { records: 1, deliveries: 4, first: "poison" },
  ])
  const queue = queueOn(directory)
  const fifth = await queue.take(soon)
  expect([textsOf(fifth), fifth?.records[0]?.deliveries]).toEqual([["poison"], 5])
  await finish(fifth)
  const after = await queue.take(soon)
  expect([textsOf(after), after?.records[0]?.deliveries]).toEqual([["c"], 3])
  await queue.stop()
  await spool.stop()
})

test("waiting for a record that must be alone leaves the process to others", async () => {
  const directory = temporaryFolder()
  const spool = await givenSpool(directory)
  for (const each of ["a", "b"]) await spool.append(text(each))
  const [segment = ""] = readdirSync(directory).filter((name) => name.endsWith(".seg"))
  await deathsAt(directory, segment, 2)
  const queue = queueOn(directory)
  const alone = await queue.take(soon)
  expect(textsOf(alone)).toEqual(["a"])
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  expect(await queue.take({ ...soon, waitMs: 300 })).toBeNull()
  clearInterval(timer)
  expect(turns).toBeGreaterThan(10)
  await finish(alone)
  expect(textsOf(await queue.take(soon))).toEqual(["b"])
  await spool.stop()
})

test("who dies before giving anything out is not counted", async () => {
  const directory = temporaryFolder()
  await deathsAt(directory, "s", 2)
  for (let life = 0; life < 5; life++) await openAttempts(directory, "s", 0)
  expect((await openAttempts(directory, "s", 0)).deliveries()).toBe(3)
})

test("a segment let go in peace leaves no suspicion", async () => {
  const directory = temporaryFolder()
  const first = await openAttempts(directory, "s", 0)
  await first.forget()
  expect((await openAttempts(directory, "s", 0)).deliveries()).toBe(1)
  const second = await openAttempts(directory, "s", 0)
  expect(second.deliveries()).toBe(2)
  await second.gave(1, 0)
  expect((await openAttempts(directory, "s", 0)).deliveries()).toBe(3)
  expect((await openAttempts(directory, "s", 90)).deliveries()).toBe(2)
})
