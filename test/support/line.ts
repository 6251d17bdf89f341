import { afterAll } from "bun:test"
import { configWith } from "#config.ts"
import { jobPolicies, jobs } from "#jobs.ts"
import { encodeMessage, type IngestMessage } from "#messages.ts"
import { createLine, type Line } from "#pipeline/line.ts"
import { createFolderBlobs } from "#platform/blobs/folder-blobs.ts"
import type { Sql, Tx } from "#platform/db.ts"
import { createLog } from "#platform/log.ts"
import type { Batch, QueueRecord } from "#platform/queue/queue.ts"
import type { SeriesPoint } from "#platform/series/series.ts"
import { createTasks, upgradeTaskSchema } from "#platform/tasks.ts"
import { DAY, NOON } from "./occurrences.ts"
import { temporaryFolder } from "./services.ts"

/** The line of a worker on the test's database, with live series that only remember what they were given. */
export async function testLine(sql: Sql, url: string): Promise<Line & { points: SeriesPoint[] }> {
  await upgradeTaskSchema(url, jobPolicies)
  const log = createLog({ level: "FATAL", format: "machine", role: "test" })
  const tasks = createTasks({ url, schemas: jobs, log })
  afterAll(() => tasks.stop({ withinMs: 1000 }))
  const points: SeriesPoint[] = []
  const series = {
    add: async (added: readonly SeriesPoint[]) => void points.push(...added),
    read: async () => [],
    countDistinct: async () => 0,
    sweep: async () => 0,
  }
  const config = configWith({ "system.secret-key": "x".repeat(32) })
  const clock = { now: () => new Date(NOON) }
  const blobs = createFolderBlobs(temporaryFolder("blobs"))
  const line = createLine({ sql, log, tasks, series, blobs, config, clock })
  return { ...line, points }
}

/** A store request of `event`, as web queues it. */
export function messageOf(
  owner: { projectId: string; organizationId: string },
  event: object,
  given: Partial<IngestMessage> = {},
): IngestMessage {
  const id = Bun.randomUUIDv7()
  return {
    id,
    projectId: owner.projectId,
    organizationId: owner.organizationId,
    keyId: "7",
    publicKey: "a".repeat(32),
    receivedAt: NOON,
    receivedDay: DAY,
    kind: "store",
    encoding: [],
    unverified: false,
    origin: null,
    clientAddress: "192.0.2.1",
    userAgent: "",
    client: "test/1",
    eventId: crypto.randomUUID().replaceAll("-", ""),
    dropped: [],
    body: Buffer.from(JSON.stringify(event)),
    ...given,
  }
}

export function recordOf(message: IngestMessage, deliveries = 1): QueueRecord {
  return { id: message.id, body: encodeMessage(message), deliveries }
}

export type TestBatch = Batch & { committed: number; acknowledged: number }

export function batchOf(records: QueueRecord[]): TestBatch {
  const batch = {
    records,
    damaged: 0,
    committed: 0,
    acknowledged: 0,
    async commit(tx: Tx) {
      batch.committed++
      await tx`select 1`
    },
    async acknowledge() {
      batch.acknowledged++
    },
    async release() {},
  }
  return batch
}
