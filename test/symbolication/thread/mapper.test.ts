import { afterAll, expect, test } from "bun:test"
import { createFolderBlobs } from "#platform/blobs/folder-blobs.ts"
import { createLog } from "#platform/log.ts"
import { createMapper } from "#symbolication/thread/mapper.ts"
import type { BlobSlice } from "#symbolication/thread/protocol.ts"
import { MINIFIED, mapOf, ORIGINAL } from "../../support/minified.ts"
import { temporaryFolder } from "../../support/services.ts"

const directory = temporaryFolder("blobs")
const blobs = createFolderBlobs(directory)
const log = createLog({ level: "FATAL", format: "machine", role: "test" })
const place = { kind: "folder", directory, minFreeBytes: 0 } as const
const mappers: { stop(): Promise<void> }[] = []
const mapperWith = (times?: { stuckMs: number; idleMs: number }, cacheBytes = 1024 ** 2) => {
  const mapper = createMapper({ place, cacheBytes }, log, times)
  mappers.push(mapper)
  return mapper
}
afterAll(() => Promise.all(mappers.map((mapper) => mapper.stop())))

async function given(text: string): Promise<BlobSlice> {
  const key = crypto.randomUUID()
  const bytes = Buffer.from(text)
  await blobs.put(key, bytes)
  const chunks = [{ blobKey: key, startsAt: 0, size: bytes.length }]
  return { key, chunks, at: 0, packedBytes: bytes.length, bytes: bytes.length, isDeflated: false }
}

const frame = { file: 0, absPath: "https://till.example/a.js", line: 1, column: 15, function: "a" }
const questionOf = async (map: string) => ({
  files: [
    {
      minified: await given(MINIFIED),
      map: await given(map),
      mapUrl: "https://till.example/a.js.map",
    },
  ],
  traces: [[null, frame]],
})

test("answers frames by frames, and leaves out those that nobody asked for", async () => {
  const answer = await mapperWith().map(await questionOf(mapOf()), 10_000)
  expect(answer).toMatchObject([
    [null, { kind: "mapped", frame: { function: "addToBasket", line: 2 } }],
  ])
})

test("source lines are read from a file of their own", async () => {
  const place = { source: await given(ORIGINAL), line: 2, column: 3 }
  const gone = {
    ...place,
    source: { ...place.source, key: "x", chunks: [{ blobKey: "x", startsAt: 0, size: 9 }] },
  }
  const answer = await mapperWith().contexts({ places: [place, gone] }, 10_000)
  expect(answer).toMatchObject([{ line: '  throw new RangeError("no such " + item)' }, null])
})

test("what cannot be read is told apart from what makes no sense", async () => {
  const mapper = mapperWith()
  const none = await questionOf("<html>")
  expect(await mapper.map(none, 10_000)).toEqual([
    [null, { kind: "invalid_map", reason: "it is not JSON" }],
  ])
  const gone = await questionOf(mapOf())
  await blobs.delete(gone.files[0]!.map.key)
  expect(await mapper.map(gone, 10_000)).toEqual([[null, { kind: "unreadable" }]])
})

/** Segments that lie before each other: sorting them is what takes long. */
const slowMap = () =>
  mapOf("a.js", { mappings: `${"gggggggC,".repeat(100)}${"AAAA,".repeat(4_900_000)}A` })

test("a map that takes too long holds nobody up, and is not tried again once the thread has died of it", async () => {
  const mapper = mapperWith({ stuckMs: 60, idleMs: 60_000 }, 2 * 1024 ** 3)
  const slow = await questionOf(slowMap())
  expect(await mapper.map(slow, 20)).toBeNull()
  // The thread is behind: the next one does not even wait.
  expect(await mapper.map(await questionOf(mapOf()), 20)).toBeNull()
  // Until the watch has ended the thread; then the others are served.
  let answer = null
  while (answer === null) answer = await mapper.map(await questionOf(mapOf()), 30_000)
  expect(answer).toMatchObject([[null, { kind: "mapped" }]])
  expect(await mapper.map(slow, 10_000)).toEqual([
    [null, { kind: "invalid_map", reason: "reading it took too long" }],
  ])
})

test("a million mappings are told to need more memory than there is for all maps", async () => {
  const large = await questionOf(mapOf("a.js", { mappings: `${"AAAA,".repeat(1_000_000)}AAAA` }))
  const reason = "it takes more memory than sourcemaps.cache-bytes allows"
  expect(await mapperWith().map(large, 30_000)).toEqual([[null, { kind: "invalid_map", reason }]])
  expect(await mapperWith(undefined, 256 * 1024 ** 2).map(large, 30_000)).toMatchObject([
    [null, { kind: "mapped" }],
  ])
})

test("a request at which the thread fails costs nobody else an answer", async () => {
  const mapper = mapperWith()
  const broken = mapper.map({ files: [], traces: [null as never] }, 10_000)
  const sound = mapper.map(await questionOf(mapOf()), 10_000)
  expect(await broken).toBeNull()
  expect(await sound).toMatchObject([[null, { kind: "mapped" }]])
})
