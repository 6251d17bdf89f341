import { statSync } from "node:fs"
import type { Sql } from "../db.ts"
import type { Log } from "../log.ts"
import { watchFolder } from "../spool/folder-watch.ts"
import { listSegments, type SegmentName } from "../spool/segment.ts"
import { type HeldSegment, holdSegment } from "./held-segment.ts"
import { BATCH_WAIT_MS, type Batch, type IngestQueue, type TakeOptions } from "./queue.ts"
import { spoolBacklog } from "./spool-backlog.ts"
import { deleteSpoolPositions, listSpoolPositions } from "./spool-position-store.ts"

/**
 * After work the tail is looked at again after 1, 2, 4, 8, 15, 15 … ms: three system calls. A wake-up itself
 * costs more, so once it has been quiet for a while the kernel is asked to tell of changes.
 */
const POLL_AT_LEAST_EVERY_MS = 15
const POLL_FOR_MS = 1000
/** Also the longest that being told to stop may take. */
const WATCH_FOR_MS = 250
/** Segments that another process holds are tried again this often: it may have died. */
const CLAIM_EVERY_MS = 500

export type SpoolQueueOptions = {
  directory: string
  sql: Sql
  /** Milliseconds that a batch which is not full waits for company. */
  batchWaitMs?: number
  log: Log
}

/**
 * The queue of one machine without Redis: the spool itself, read while it is written. A process claims whole
 * segments, and claims another only when those it has give nothing, so that several share the work.
 */
export function createSpoolQueue(options: SpoolQueueOptions): IngestQueue {
  const { directory, sql, log, batchWaitMs = BATCH_WAIT_MS } = options
  let held: HeldSegment[] = []
  const folder = folderWatch(directory)
  let turn: Promise<unknown> = Promise.resolve()
  let isStopped = false
  let busyAt = Number.NEGATIVE_INFINITY
  const forgotten = forgetGoneSegments(directory, sql)

  const linger = () => Bun.sleep(batchWaitMs)
  const claimOne = async (): Promise<HeldSegment | null> => {
    const known = new Set(held.map(({ name }) => name))
    for await (const segment of folder.candidates()) {
      const claimed = known.has(segment.name)
        ? null
        : await holdSegment({ directory, segment, sql, linger })
      if (claimed) return claimed
    }
    return null
  }

  const nextBatch = async (options: TakeOptions): Promise<Batch | null> => {
    for (const segment of held) {
      const batch = await nextOf(segment, options)
      if (batch) return batch
    }
    held = held.filter((segment) => !segment.isOver())
    for (let fresh = await claimOne(); fresh; fresh = await claimOne()) {
      held.push(fresh)
      const batch = await nextOf(fresh, options)
      if (batch) return batch
    }
    return null
  }
  const nextOf = async (segment: HeldSegment, options: TakeOptions) => {
    const batch = await segment.next(options)
    if (batch && batch.damaged > 0) {
      log.error(
        { segment: segment.name, damaged: batch.damaged },
        "spool: unreadable bytes skipped",
      )
    }
    return batch
  }

  const isWanted = ({ signal }: TakeOptions) => !isStopped && !signal.aborted
  const hasNews = () => folder.hasNews() || held.some((segment) => segment.hasNews())
  /** Returns when there may be something, or at `deadline`; never at once: who asks again must not starve the process. */
  const waitForNews = async (options: TakeOptions, deadline: number): Promise<void> => {
    await Bun.sleep(1)
    for (let pauseMs = 2; isWanted(options) && !hasNews(); pauseMs *= 2) {
      const leftMs = deadline - performance.now()
      if (leftMs <= 0) return
      if (performance.now() - busyAt < POLL_FOR_MS) {
        await Bun.sleep(Math.min(pauseMs, POLL_AT_LEAST_EVERY_MS))
        continue
      }
      const watch = watchFolder(directory)
      if (!hasNews()) await watch.changed(Math.min(leftMs, WATCH_FOR_MS))
      watch.close()
    }
  }
  const take = async (options: TakeOptions): Promise<Batch | null> => {
    await forgotten
    const deadline = performance.now() + options.waitMs
    while (isWanted(options)) {
      const batch = await nextBatch(options)
      if (batch) busyAt = performance.now()
      if (batch || performance.now() >= deadline) return batch
      await waitForNews(options, deadline)
    }
    return null
  }

  return {
    // One after the other: two takes at once would look at the same segments.
    take: (options) => {
      const taken = turn.then(() => take(options))
      turn = taken.catch(() => {})
      return taken
    },
    backlog: () => spoolBacklog(directory, sql),
    stop: async () => {
      isStopped = true
      await turn
      for (const segment of held) await segment.release()
      held = []
    },
  }
}

/** Gives each segment to be tried once, and again when the folder has changed or some time has passed. */
function folderWatch(directory: string) {
  let changedAt = Number.NaN
  let listedAt = Number.NEGATIVE_INFINITY
  let left: SegmentName[] = []
  const changeTime = () => statSync(directory, { throwIfNoEntry: false })?.mtimeMs ?? 0
  const hasNews = () => changeTime() !== changedAt || performance.now() - listedAt > CLAIM_EVERY_MS
  return {
    hasNews,
    candidates: async function* () {
      if (hasNews()) {
        changedAt = changeTime()
        listedAt = performance.now()
        left = await listSegments(directory)
      }
      for (let next = left.shift(); next; next = left.shift()) yield next
    },
  }
}

/** Positions whose segment went just before its process did. */
async function forgetGoneSegments(directory: string, sql: Sql): Promise<void> {
  try {
    const positions = await listSpoolPositions(sql)
    const present = new Set((await listSegments(directory)).map(({ name }) => name))
    const gone = [...positions.keys()].filter((name) => !present.has(name))
    if (gone.length > 0) await deleteSpoolPositions(sql, gone)
  } catch {
    // PostgreSQL may be away at this moment; the next start forgets them.
  }
}
