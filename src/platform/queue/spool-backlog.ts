import type { Sql } from "../db.ts"
import { listSegments, type SegmentName } from "../spool/segment.ts"
import { openSegment } from "../spool/segment-reader.ts"
import type { Backlog } from "./queue.ts"
import { decodeRecord, timeOfId } from "./record.ts"
import { listSpoolPositions } from "./spool-position-store.ts"

type SegmentBacklog = { bytes: number; oldestAt: Date | null }

/** What waits in a spool that a worker reads; asked from any process. */
export async function spoolBacklog(directory: string, sql: Sql): Promise<Backlog> {
  const positions = await listSpoolPositions(sql)
  const parts = await Promise.all(
    (await listSegments(directory)).map((segment) =>
      segmentBacklog(directory, segment, positions.get(segment.name) ?? 0),
    ),
  )
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0)
  const times = parts.flatMap(({ oldestAt }) => oldestAt?.getTime() ?? [])
  return {
    records: bytes === 0 ? 0 : null,
    bytes,
    oldestAt: times.length > 0 ? new Date(Math.min(...times)) : null,
  }
}

async function segmentBacklog(
  directory: string,
  segment: SegmentName,
  position: number,
): Promise<SegmentBacklog> {
  const none = { bytes: 0, oldestAt: null }
  const reader = await openSegment(directory, segment).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null // consumed since the folder was listed
    throw error
  })
  if (!reader) return none
  try {
    const bytes = Math.max(0, (await reader.usedBytes()) - position)
    if (bytes === 0) return none
    const one = { maxRecords: 1, maxBytes: 1, isFinal: true, skipDamage: true }
    const first = (await reader.read(position, one)).records[0]
    const id = first && decodeRecord(first.record)?.id
    return { bytes, oldestAt: id ? timeOfId(id) : null }
  } finally {
    await reader.close()
  }
}
