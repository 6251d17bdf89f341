import type { Sql, Tx } from "../db.ts"
import { type ClaimedSegment, openClaimed } from "../spool/claimed-segment.ts"
import type { SegmentName } from "../spool/segment.ts"
import { openAttempts } from "./attempts.ts"
import type { Batch, QueueRecord } from "./queue.ts"
import { decodeRecord } from "./record.ts"
import {
  deleteSpoolPositions,
  findSpoolPosition,
  recordSpoolPosition,
} from "./spool-position-store.ts"

/** A stretch of the segment in somebody's hand. */
type Stretch = {
  start: number
  end: number
  records: QueueRecord[]
  damaged: number
  isDone: boolean
}
type Limits = { max: number; maxBytes: number }

/** A claimed segment with the batches that are out. */
export type HeldSegment = {
  name: string
  /** A batch, or null when there is nothing now. */
  next(limits: Limits): Promise<Batch | null>
  /** Whether asking for the next batch is worth while; a few microseconds. */
  hasNews(): boolean
  /** Nothing is left to read and nothing is out. */
  isOver(): boolean
  /** First byte not yet acknowledged. */
  position(): number
  release(): Promise<void>
}

export type HoldOptions = {
  directory: string
  segment: SegmentName
  sql: Sql
  /** Waits for company for a batch that is not full. */
  linger(): Promise<void>
}

/** Claims a segment and goes on where its last holder's transactions ended; null when it is not to be had. */
export async function holdSegment(options: HoldOptions): Promise<HeldSegment | null> {
  const { directory, segment, sql } = options
  const claimed = await openClaimed(directory, segment)
  if (!claimed) return null
  try {
    const position = await findSpoolPosition(sql, segment.name)
    const attempts = await openAttempts(directory, segment.name, position)
    return heldSegment({ ...options, claimed, attempts, position })
  } catch (error) {
    await claimed.release()
    throw error
  }
}

type Parts = HoldOptions & {
  claimed: ClaimedSegment
  attempts: Awaited<ReturnType<typeof openAttempts>>
  position: number
}

function heldSegment({ segment, sql, claimed, attempts, position, linger }: Parts): HeldSegment {
  /** In order of `start`, without gaps: the first begins at `acknowledged`, the last ends at `readUpTo`. */
  let out: Stretch[] = []
  let returned: Stretch[] = []
  let acknowledged = position
  let readUpTo = position
  let isFinished = false
  let isGone = false

  /** While a record that must be alone is out, there is nothing to be had, whatever stands behind it. */
  const mayRead = () =>
    !isFinished && !(attempts.isAlone() && out.length > 0) && claimed.hasNews(readUpTo)
  const readStretch = async (limits: Limits): Promise<Stretch | null> => {
    if (!mayRead()) return null
    const max = attempts.isAlone() ? 1 : limits.max
    const stretch: Stretch = {
      start: readUpTo,
      end: readUpTo,
      records: [],
      damaged: 0,
      isDone: false,
    }
    let bytes = 0
    const readMore = async () => {
      const maxRecords = max - stretch.records.length
      const read = await claimed.read(stretch.end, {
        maxRecords,
        maxBytes: limits.maxBytes - bytes,
      })
      for (const { record } of read.records) {
        bytes += record.length
        const decoded = decodeRecord(record)
        if (decoded) stretch.records.push({ ...decoded, deliveries: attempts.deliveries() })
        else stretch.damaged++
      }
      stretch.end = read.next
      stretch.damaged += read.damaged
      isFinished = read.isFinished
    }
    await readMore()
    const hasRoom = () => stretch.records.length < max && bytes < limits.maxBytes && !isFinished
    if (stretch.end > stretch.start && hasRoom()) {
      await linger()
      await readMore()
    }
    if (stretch.end === stretch.start) return null
    await attempts.gave(stretch.records.length, stretch.start)
    readUpTo = stretch.end
    out.push(stretch)
    return stretch
  }

  /** Ends the segment once all of it is done. Its position goes last: without the file it means nothing. */
  const endWhenOver = async () => {
    if (!isFinished || out.length > 0 || isGone) return
    isGone = true
    await claimed.discard()
    await deleteSpoolPositions(sql, [segment.name]).catch(() => {})
  }

  const batchOf = (stretch: Stretch): Batch => ({
    records: stretch.records,
    damaged: stretch.damaged,
    commit: async (tx: Tx) => {
      const position = contiguousEnd(out, stretch)
      if (position !== null) await recordSpoolPosition(tx, { segment: segment.name, position })
    },
    acknowledge: async () => {
      stretch.isDone = true
      const open = out.findIndex((each) => !each.isDone)
      acknowledged = open === -1 ? readUpTo : (out[open]?.start ?? readUpTo)
      out = open === -1 ? [] : out.slice(open)
      await endWhenOver()
    },
    release: async () => {
      if (!stretch.isDone) returned.push(stretch)
    },
  })

  return {
    name: segment.name,
    position: () => acknowledged,
    isOver: () => isGone,
    hasNews: () => returned.length > 0 || mayRead(),
    next: async (limits) => {
      const again = returned.shift()
      if (again) return batchOf(again)
      const stretch = await readStretch(limits)
      if (stretch) return batchOf(stretch)
      await endWhenOver()
      return null
    },
    release: async () => {
      if (isGone) return
      isGone = true
      // What came back undone was nobody's death: PostgreSQL was away.
      const isAtPeace = out.every((stretch) => stretch.isDone || returned.includes(stretch))
      if (isAtPeace) await attempts.forget()
      returned = []
      await claimed.release()
    },
  }
}

/** Up to where everything is done once `committing` is; null when something before it is still out. */
function contiguousEnd(out: readonly Stretch[], committing: Stretch): number | null {
  let end: number | null = null
  for (const stretch of out) {
    if (!stretch.isDone && stretch !== committing) break
    end = stretch.end
  }
  return end !== null && end >= committing.end ? end : null
}
