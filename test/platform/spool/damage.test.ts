import { expect, test } from "bun:test"
import { readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { messageId } from "#platform/ids.ts"
import { encodeRecord } from "#platform/queue/record.ts"
import { openClaimed } from "#platform/spool/claimed-segment.ts"
import { listSegments, markerOf, type SegmentName } from "#platform/spool/segment.ts"
import { openSegment, type ReadOptions } from "#platform/spool/segment-reader.ts"
import { givenSpool, temporaryFolder, until } from "../../support/spool.ts"

const BODY_BYTES = 100
const FRAME_BYTES = 12 + 16 + BODY_BYTES
const FINAL = { maxRecords: 1e6, maxBytes: 1e12, isFinal: true, skipDamage: true }
const LIVE = { ...FINAL, isFinal: false, skipDamage: false }

/** A closed segment of ten records. */
async function givenSegment() {
  const directory = temporaryFolder()
  const spool = await givenSpool(directory)
  for (let i = 0; i < 10; i++) {
    await spool.append(encodeRecord(messageId(), new Uint8Array(BODY_BYTES).fill(i + 1)))
  }
  await spool.stop()
  const [segment] = (await listSegments(directory)) as [SegmentName]
  return { directory, segment, path: join(directory, segment.name) }
}

function flip(path: string, at: number): void {
  const bytes = readFileSync(path)
  bytes[at] = (bytes[at] ?? 0) ^ 0x10
  writeFileSync(path, bytes)
}

async function readAll(
  { directory, segment }: { directory: string; segment: SegmentName },
  options: ReadOptions,
) {
  const reader = await openSegment(directory, segment)
  const read = await reader.read(0, options)
  await reader.close()
  return { numbers: read.records.map(({ record }) => record[16]), ...read }
}

test.each([
  ["the marker", 0],
  ["the length", 4],
  ["the high byte of the length", 7],
  ["the checksum", 8],
  ["the id", 12],
  ["the body", 60],
])("a flipped bit in %s costs that record alone", async (_, offset) => {
  const given = await givenSegment()
  flip(given.path, 3 * FRAME_BYTES + offset)
  const read = await readAll(given, FINAL)
  expect(read.numbers).toEqual([1, 2, 3, 5, 6, 7, 8, 9, 10])
  expect(read.damaged).toBe(1)
})

test("a flipped bit anywhere never costs more than one record", async () => {
  const given = await givenSegment()
  const whole = readFileSync(given.path)
  for (let at = 0; at < whole.length; at += 7) {
    writeFileSync(given.path, whole)
    flip(given.path, at)
    const read = await readAll(given, FINAL)
    expect([read.records.length, read.damaged]).toEqual([9, 1])
  }
})

test("a tail that is cut anywhere leaves every whole record readable", async () => {
  const given = await givenSegment()
  const whole = readFileSync(given.path)
  for (let size = whole.length; size >= 0; size -= 13) {
    writeFileSync(given.path, whole)
    truncateSync(given.path, size)
    const read = await readAll(given, FINAL)
    expect(read.records.length).toBe(Math.floor(size / FRAME_BYTES))
    expect(read.damaged).toBe(size % FRAME_BYTES === 0 ? 0 : 1)
    expect(read.next).toBe(size)
    expect(read.state).toBe("ended")
  }
})

test("a live segment's unfinished record is waited for, not skipped", async () => {
  const given = await givenSegment()
  const whole = readFileSync(given.path)
  truncateSync(given.path, 5 * FRAME_BYTES + 40)
  const before = await readAll(given, LIVE)
  expect([before.records.length, before.state, before.next]).toEqual([
    5,
    "blocked",
    5 * FRAME_BYTES,
  ])
  writeFileSync(given.path, whole)
  expect((await readAll(given, LIVE)).records.length).toBe(10)
})

test("a frame hidden in a body is not found when the reader looks for its way", async () => {
  const directory = temporaryFolder()
  const spool = await givenSpool(directory)
  const forged = encodeRecord(messageId(), new TextEncoder().encode("forged"))
  const frame = new Uint8Array(12 + forged.length)
  frame.set(forged, 12)
  new DataView(frame.buffer).setUint32(0, 0x12345678, true)
  new DataView(frame.buffer).setUint32(4, forged.length, true)
  await spool.append(encodeRecord(messageId(), frame))
  await spool.stop()
  const [segment] = (await listSegments(directory)) as [SegmentName]
  expect(markerOf(segment)).not.toBe(0x12345678)
  flip(join(directory, segment.name), 0)
  expect((await readAll({ directory, segment }, FINAL)).records).toEqual([])
})

test("a damaged segment stays as a .corrupt file when it is done with", async () => {
  const given = await givenSegment()
  flip(given.path, 3 * FRAME_BYTES + 50)
  const claimed = await openClaimed(given.directory, given.segment)
  const limits = { maxRecords: 100, maxBytes: 1e6 }
  let position = 0
  let damaged = 0
  await until(async () => {
    const read = await claimed?.read(position, limits)
    position = read?.next ?? 0
    damaged += read?.damaged ?? 0
    return read?.isFinished === true
  })
  await claimed?.discard()
  expect(damaged).toBe(1)
  expect(readdirSync(given.directory)).toEqual([`${given.segment.name}.corrupt`])
})

test("damage in a segment that is still written is passed after a second", async () => {
  const directory = temporaryFolder()
  const spool = await givenSpool(directory)
  for (let i = 0; i < 3; i++) {
    await spool.append(encodeRecord(messageId(), new Uint8Array(BODY_BYTES).fill(i + 1)))
  }
  const [segment] = (await listSegments(directory)) as [SegmentName]
  flip(join(directory, segment.name), FRAME_BYTES + 50)
  const claimed = await openClaimed(directory, segment)
  let position = 0
  let records = 0
  await until(async () => {
    const read = await claimed?.read(position, { maxRecords: 100, maxBytes: 1e6 })
    position = read?.next ?? 0
    records += read?.records.length ?? 0
    return read?.damaged === 1
  })
  expect(records).toBe(2)
  await claimed?.release()
  await spool.stop()
})
