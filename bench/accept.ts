import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { configWith } from "#config.ts"
import type { Door } from "#ingest/door.ts"
import { createHeavyLane } from "#ingest/heavy-lane.ts"
import { createKeyCache } from "#ingest/key-cache.ts"
import { createOutcomeCounts } from "#ingest/outcome-counts.ts"
import { createRoom } from "#ingest/room.ts"
import { createUnverifiedCap } from "#ingest/unverified-cap.ts"
import { createFolderBlobs } from "#platform/blobs/folder-blobs.ts"
import { systemClock } from "#platform/clock.ts"
import { createLog } from "#platform/log.ts"
import { addressList } from "#platform/network.ts"
import { createMemoryQuota } from "#platform/quota/memory-quota.ts"
import { openSpool } from "#platform/spool/writer.ts"
import { createStrangerBook } from "#stats/stranger-book.ts"
import { createVerdictBook } from "#stats/verdict-book.ts"
import { ingestHandler } from "#web/ingest/routes.ts"

/**
 * The accept path alone: handler and spool behind Bun's server, no worker, no PostgreSQL; the generator is a process of its own.
 * Prints its report and the CPU that one accepted event costs here. Options are handed on to bench/load.ts.
 */

const MIB = 1024 * 1024
const KEY = "0123456789abcdef0123456789abcdef"

const folder = await mkdtemp(join(tmpdir(), "sentry-lite-bench-"))
const spool = await openSpool({
  directory: folder,
  segmentBytes: 64 * MIB,
  maxBytes: 16 * 1024 * MIB,
  minFreeBytes: 0,
})
const access = {
  publicKey: KEY,
  keyId: "1",
  projectId: "1",
  organizationId: "1",
  allowedDomains: ["*"],
  rateLimitCount: null,
  rateLimitWindowSeconds: null,
  keyLimits: {},
  projectLimits: {},
  organizationLimits: {},
}
const log = createLog({ level: "error", format: "human", role: "bench" })
const door: Door = {
  keys: createKeyCache({
    load: async () => [access],
    capacity: 1000,
    now: Date.now,
    onFailure: () => {},
  }),
  room: createRoom(createMemoryQuota(), configWith({})),
  spool,
  blobs: createFolderBlobs(join(folder, "files")),
  counts: createOutcomeCounts(),
  verdicts: createVerdictBook(),
  strangers: createStrangerBook(),
  unverified: createUnverifiedCap({ messagesPerMinute: 0, bytesPerMinute: 0 }),
  heavyLane: createHeavyLane(),
  keysUsed: new Map(),
  limits: {
    maxCompressedBytes: 20 * MIB,
    maxEventBytes: MIB,
    maxEnvelopeBytes: 100 * MIB,
    maxEnvelopeItems: 100,
    maxAttachmentBytes: 100 * MIB,
    maxJsonDepth: 128,
    maxJsonKeys: 100_000,
  },
  log,
  clock: systemClock,
}
const handler = ingestHandler({
  door,
  log,
  pathPrefix: "",
  proxies: addressList(["127.0.0.1/32"]),
})
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: (request, socket) =>
    handler(request, socket.requestIP(request)?.address ?? "") ??
    new Response("no such page\n", { status: 404 }),
})

const dsn = `http://${KEY}@127.0.0.1:${server.port}/1`
const runLoad = async (options: string[]) => {
  const load = Bun.spawn(
    [process.execPath, join(import.meta.dir, "load.ts"), "--dsn", dsn, "--json", ...options],
    { stdout: "pipe", stderr: "inherit" },
  )
  return JSON.parse(await new Response(load.stdout).text())
}
await runLoad(["--count", "5000"])
const before = process.cpuUsage()
const report = await runLoad(process.argv.slice(2))
const { user, system } = process.cpuUsage(before)
console.log(report)
console.log(`accept: ${((user + system) / 1000 / report.accepted).toFixed(4)} ms CPU an event`)
await server.stop(true)
await spool.stop()
await rm(folder, { recursive: true })
