import { Redis } from "ioredis"
import type { Db } from "#platform/db.ts"
import { decodeRecord } from "#platform/queue/record.ts"
import { listSegments } from "#platform/spool/segment.ts"
import { openSegment } from "#platform/spool/segment-reader.ts"
import { keys } from "#redis-keys.ts"
import type { Installation } from "./installation.ts"

const CHUNK = { maxRecords: 10_000, maxBytes: 64 * 1024 * 1024, isFinal: true, skipDamage: true }

/** Ids of all messages that stand in the spool, whether they have had their effect or not. */
export async function spooledMessages(directory: string): Promise<string[]> {
  const ids: string[] = []
  for (const segment of await listSegments(directory)) {
    const reader = await openSegment(directory, segment).catch(() => null)
    for (let position = 0; reader; ) {
      const read = await reader.read(position, CHUNK)
      ids.push(...read.records.flatMap(({ record }) => decodeRecord(record)?.id ?? []))
      if (read.next === position) break
      position = read.next
    }
    await reader?.close()
  }
  return ids
}

/** How many of these have had no effect yet. */
export async function countWaiting(sql: Db, messageIds: string[]): Promise<number> {
  const [row] = await sql<{ waiting: number }[]>`
    select count(*)::int waiting from unnest(${messageIds}::uuid[]) id
    where not exists (select 1 from consumed where message_id = id)`
  return row?.waiting ?? 0
}

/** Entries of the stream; 0 in the appliance, which has none. */
export async function streamLength({ redisUrl }: Installation): Promise<number> {
  if (redisUrl === null) return 0
  const redis = new Redis(redisUrl)
  try {
    return await redis.xlen(keys.ingest(0))
  } finally {
    redis.disconnect()
  }
}
