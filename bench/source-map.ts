/**
 * What a large source map costs: `bun bench/source-map.ts --megabytes 30`. Prints how long the thread takes for the first frame of a map,
 * per frame afterwards, and how long the thread of the batches is held up meanwhile.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { monitorEventLoopDelay } from "node:perf_hooks"
import { parseArgs } from "node:util"
import { encode } from "@jridgewell/sourcemap-codec"
import { createFolderBlobs } from "#platform/blobs/folder-blobs.ts"
import { createLog } from "#platform/log.ts"
import { createMapper } from "#symbolication/thread/mapper.ts"
import type { BlobSlice } from "#symbolication/thread/protocol.ts"

const { values } = parseArgs({
  options: {
    megabytes: { type: "string", default: "30" },
    frames: { type: "string", default: "1000" },
  },
})
const MEGABYTE = 1024 * 1024
/** As in a large program: of 30 MB, 8 are positions and the rest sources. */
const SEGMENTS_PER_MEGABYTE = 42_000
const SOURCE = "  return basket.total(items.map((item) => item.price))\n".repeat(350)

const directory = mkdtempSync(join(tmpdir(), "sentry-lite-bench-"))
const blobs = createFolderBlobs(directory)
const log = createLog({ level: "ERROR", format: "human", role: "bench" })
const place = { kind: "folder", directory, minFreeBytes: 0 } as const
const mapper = createMapper({ place, cacheBytes: 1024 * MEGABYTE }, log)
try {
  await run(Number(values.megabytes), Number(values.frames))
} finally {
  await mapper.stop()
  rmSync(directory, { recursive: true })
}

async function run(megabytes: number, frames: number) {
  const segments = megabytes * SEGMENTS_PER_MEGABYTE
  const { script, map } = programOf(segments, megabytes)
  const files = [
    {
      minified: await given(script),
      map: await given(map),
      mapUrl: "https://till.example/a.js.map",
    },
  ]
  const frame = (n: number) => ({
    file: 0,
    absPath: "https://till.example/a.js",
    line: 1,
    column: ((n * 7919) % segments) * 7 + 1,
    function: "t",
  })
  // The thread itself is there already when a large map comes.
  await mapper.contexts({ places: [] }, 10_000)
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const first = await timed(() => mapper.map({ files, traces: [[frame(0)]] }, 60_000))
  const second = await timed(() =>
    mapper.map(
      {
        files,
        traces: Array.from({ length: frames / 50 }, (_, t) =>
          Array.from({ length: 50 }, (__, n) => frame(t * 50 + n)),
        ),
      },
      60_000,
    ),
  )
  console.log(
    `map ${(map.length / MEGABYTE).toFixed(1)} MB, minified file ${(script.length / MEGABYTE).toFixed(1)} MB, ${segments} positions`,
  )
  console.log(`first frame       ${first.ms.toFixed(0)} ms`)
  console.log(`each of ${frames} more ${(second.ms / frames).toFixed(3)} ms`)
  console.log(`batches held up   ${(delay.max / 1e6).toFixed(1)} ms at most`)
  if (second.result?.flat().some((each) => each?.kind !== "mapped")) throw new Error("not mapped")
}

function programOf(segments: number, megabytes: number) {
  const sources = Math.ceil((megabytes * MEGABYTE * 0.72) / SOURCE.length)
  const line = Array.from(
    { length: segments },
    (_, n): [number, number, number, number, number] => [
      n * 7,
      Math.floor((n * sources) / segments),
      n % 350,
      n % 40,
      n % 20_000,
    ],
  )
  const map = JSON.stringify({
    version: 3,
    sources: Array.from({ length: sources }, (_, n) => `webpack:///./src/part-${n}.ts`),
    sourcesContent: Array.from({ length: sources }, () => SOURCE),
    names: Array.from({ length: 20_000 }, (_, n) => `name${n}`),
    mappings: encode([line]),
  })
  return { script: "t(u,v);".repeat(segments), map }
}

async function given(text: string): Promise<BlobSlice> {
  const key = crypto.randomUUID()
  const packed = Bun.deflateSync(Buffer.from(text))
  await blobs.put(key, packed)
  const chunks = [{ blobKey: key, startsAt: 0, size: packed.length }]
  return {
    key,
    chunks,
    at: 0,
    packedBytes: packed.length,
    bytes: Buffer.byteLength(text),
    isDeflated: true,
  }
}

async function timed<T>(work: () => Promise<T>) {
  const startedAt = performance.now()
  const result = await work()
  return { ms: performance.now() - startedAt, result }
}
