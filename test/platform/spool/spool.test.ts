import { expect, test } from "bun:test"
import { readdirSync, rmSync, statSync } from "node:fs"
import { join } from "node:path"
import { messageId } from "#platform/ids.ts"
import { decodeRecord, encodeRecord } from "#platform/queue/record.ts"
import { openClaimed } from "#platform/spool/claimed-segment.ts"
import { announceWriter, claimSegment, isWriterAlive } from "#platform/spool/locks.ts"
import { listSegments } from "#platform/spool/segment.ts"
import { openSegment } from "#platform/spool/segment-reader.ts"
import { SpoolFull } from "#platform/spool/writer.ts"
import { givenSpool, temporaryFolder, until } from "../../support/spool.ts"

const ALL = { maxRecords: 1e6, maxBytes: 1e12, isFinal: true, skipDamage: true }
const record = (size = 10) => encodeRecord(messageId(), new Uint8Array(size).fill(1))

async function idsIn(directory: string): Promise<string[]> {
  const ids: string[] = []
  for (const segment of await listSegments(directory)) {
    const reader = await openSegment(directory, segment)
    const read = await reader.read(0, ALL)
    ids.push(...read.records.flatMap((each) => decodeRecord(each.record)?.id ?? []))
    await reader.close()
  }
  return ids
}

test("what was appended is read, in order, across segments, records of every size", async () => {
  const directory = temporaryFolder()
  const spool = await givenSpool(directory, { segmentBytes: 50_000 })
  const records = [0, 1, 11, 4000, 70_000, 3, 2_000_000, 5].map(record)
  for (const each of records) await spool.append(each)
  expect(await idsIn(directory)).toEqual(records.map((each) => decodeRecord(each)?.id ?? ""))
  expect((await listSegments(directory)).length).toBeGreaterThan(2)
  await spool.stop()
})

test("files are for their owner only, and end where their records end", async () => {
  const directory = join(temporaryFolder(), "deep", "spool")
  const spool = await givenSpool(directory)
  await spool.append(record(100))
  await spool.stop()
  const [segment] = await listSegments(directory)
  const file = statSync(join(directory, segment?.name ?? ""))
  expect(file.mode & 0o777).toBe(0o600)
  expect(statSync(directory).mode & 0o777).toBe(0o700)
  expect(file.size).toBe(12 + 16 + 100)
})

test("a full spool refuses, and takes again once a reader has made room", async () => {
  const directory = temporaryFolder()
  const spool = await givenSpool(directory, { maxBytes: 2_500_000, segmentBytes: 1_000_000 })
  const fill = async () => {
    for (;;) await spool.append(record(100_000))
  }
  expect(await fill().catch((error: unknown) => error)).toBeInstanceOf(SpoolFull)
  for (const { name } of (await listSegments(directory)).slice(0, -1)) rmSync(join(directory, name))
  await until(async () =>
    spool.append(record()).then(
      () => true,
      () => false,
    ),
  )
  await spool.stop()
})

test("a disk with less free space than is to be kept free refuses", async () => {
  const spool = await givenSpool(temporaryFolder(), { minFreeBytes: Number.MAX_SAFE_INTEGER })
  expect(await spool.append(record()).catch((error: unknown) => error)).toMatchObject({
    name: "SpoolFull",
    reason: "min-free",
  })
  await spool.stop()
})

test("a segment that somebody deleted is replaced; the append still holds", async () => {
  const directory = temporaryFolder()
  const spool = await givenSpool(directory)
  await spool.append(record())
  for (const { name } of await listSegments(directory)) rmSync(join(directory, name))
  const kept = record()
  await spool.append(kept)
  expect(await idsIn(directory)).toEqual([decodeRecord(kept)?.id ?? ""])
  await spool.stop()
})

test("a writer that is killed in the middle loses nothing it acknowledged", async () => {
  const directory = temporaryFolder()
  const script = join(import.meta.dir, "crashing-writer.ts")
  const child = Bun.spawn([process.execPath, script, directory], { stdout: "pipe" })
  const acknowledged: string[] = []
  let rest = ""
  for await (const chunk of child.stdout) {
    const lines = (rest + new TextDecoder().decode(chunk)).split("\n")
    rest = lines.pop() ?? ""
    acknowledged.push(...lines)
    if (acknowledged.length > 3000) child.kill("SIGKILL")
  }
  await child.exited
  const readable = new Set(await idsIn(directory))
  expect(acknowledged.filter((id) => !readable.has(id))).toEqual([])

  const [segment] = await listSegments(directory)
  expect(await isWriterAlive(directory, segment?.writerId ?? "")).toBe(false)
})

test("a stopped or busy writer lives; its folder's path may be long", async () => {
  const directory = join(temporaryFolder(), "x".repeat(150))
  const spool = await givenSpool(directory)
  expect(await isWriterAlive(directory, spool.writerId)).toBe(true)
  expect(() => announceWriter(directory, spool.writerId)).toThrow()
  await spool.stop()
  expect(await isWriterAlive(directory, spool.writerId)).toBe(false)
  expect(readdirSync(directory)).toEqual([])
})

test("a claim excludes everybody else until it is let go", () => {
  const name = crypto.randomUUID()
  const claim = claimSegment(name)
  expect(claimSegment(name)).toBeNull()
  claim?.release()
  const again = claimSegment(name)
  expect(again).not.toBeNull()
  again?.release()
})

test("a segment is finished only when its writer has gone on or is gone", async () => {
  const directory = temporaryFolder()
  const spool = await givenSpool(directory)
  await spool.append(record())
  const [segment] = await listSegments(directory)
  const claimed = segment && (await openClaimed(directory, segment))
  const limits = { maxRecords: 10, maxBytes: 1e6 }
  const first = await claimed?.read(0, limits)
  expect(first?.isFinished).toBe(false)
  expect((await claimed?.read(first?.next ?? 0, limits))?.isFinished).toBe(false)
  await spool.append(record())
  const second = await claimed?.read(first?.next ?? 0, limits)
  expect(second?.records.length).toBe(1)
  await spool.stop()
  await until(async () => (await claimed?.read(second?.next ?? 0, limits))?.isFinished === true)
  await claimed?.discard()
  expect(readdirSync(directory)).toEqual([])
})
