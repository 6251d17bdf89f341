import { link, readdir } from "node:fs/promises"
import { join } from "node:path"
import { claimSegment, forgetWriter, isWriterAlive } from "./locks.ts"
import { listSegments, pruneCorruptCopies, removeSegment, type SegmentName } from "./segment.ts"
import { openSegment, type SegmentRead } from "./segment-reader.ts"

/** Between two questions whether the writer still lives, asked only when there is nothing to read. */
const CLOSED_CHECK_MS = 500
/** A group is written in milliseconds; bytes of a living writer that make no sense for so long are damage. */
const DAMAGE_AFTER_MS = 1000

type ClaimedRead = Omit<SegmentRead, "state"> & {
  /** Everything has been read and nothing will be added. */
  isFinished: boolean
}

/** A segment that this process alone reads. */
export type ClaimedSegment = {
  segment: SegmentName
  read(position: number, limits: { maxRecords: number; maxBytes: number }): Promise<ClaimedRead>
  /** Whether reading is worth while: something is there, or it is time to ask whether more can come. */
  hasNews(position: number): boolean
  /** Deletes the segment and lets go. A damaged one stays as a `.corrupt` file. */
  discard(): Promise<void>
  release(): Promise<void>
}

/** Claims and opens a segment; null when another process holds it or it is gone. */
export async function openClaimed(
  directory: string,
  segment: SegmentName,
): Promise<ClaimedSegment | null> {
  const claim = claimSegment(segment.name)
  if (!claim) return null
  const reader = await openSegment(directory, segment).catch((error: NodeJS.ErrnoException) => {
    claim.release()
    if (error.code === "ENOENT") return null
    throw error
  })
  if (!reader) return null

  const closed = closedWatch(directory, segment)
  let blockedAt: { position: number; since: number } | null = null

  const skipsDamageAt = (position: number) =>
    blockedAt?.position === position && performance.now() - blockedAt.since > DAMAGE_AFTER_MS
  const release = async () => {
    await reader.close()
    claim.release()
  }
  return {
    segment,
    hasNews: (position) => closed.isDue() || reader.hasBytesAt(position),
    read: async (position, limits) => {
      const skipDamage = skipsDamageAt(position)
      let isFinal = closed.known()
      let read = await reader.read(position, { ...limits, isFinal, skipDamage })
      // Asked after an empty read, answered by another: records may have come in between.
      if (read.records.length === 0 && read.state !== "more" && (await closed.ask())) {
        isFinal = true
        read = await reader.read(position, { ...limits, isFinal, skipDamage })
      }
      if (read.state !== "blocked") blockedAt = null
      else if (blockedAt?.position !== read.next) {
        blockedAt = { position: read.next, since: performance.now() }
      }
      if (read.damaged > 0) await keepCorrupt(directory, segment)
      return { ...read, isFinished: isFinal && read.state === "ended" }
    },
    discard: async () => {
      await removeSegment(directory, segment)
      await release()
      await forgetDeadWriter(directory, segment.writerId)
    },
    release,
  }
}

/** A segment is closed when its writer has begun the next or is gone. Once closed, always closed. */
function closedWatch(directory: string, segment: SegmentName) {
  let isClosed = false
  let askedAt = Number.NEGATIVE_INFINITY
  return {
    known: () => isClosed,
    isDue: () => isClosed || performance.now() - askedAt >= CLOSED_CHECK_MS,
    ask: async () => {
      if (isClosed || performance.now() - askedAt < CLOSED_CHECK_MS) return isClosed
      askedAt = performance.now()
      isClosed =
        (await hasSuccessor(directory, segment)) ||
        !(await isWriterAlive(directory, segment.writerId))
      return isClosed
    },
  }
}

/** A second name for the same file, so that what could not be read survives the segment's end. */
async function keepCorrupt(directory: string, segment: SegmentName): Promise<void> {
  const path = join(directory, segment.name)
  await link(path, `${path}.corrupt`).catch(() => {})
  await pruneCorruptCopies(directory)
}

/** Removes the socket file that a killed writer left, with its last segment. */
async function forgetDeadWriter(directory: string, writerId: string): Promise<void> {
  const hasMore = (await listSegments(directory)).some((other) => other.writerId === writerId)
  if (hasMore || !(await readdir(directory)).includes(`${writerId}.lock`)) return
  if (!(await isWriterAlive(directory, writerId))) await forgetWriter(directory, writerId)
}

async function hasSuccessor(directory: string, segment: SegmentName): Promise<boolean> {
  const others = await listSegments(directory)
  return others.some(
    (other) => other.writerId === segment.writerId && other.sequence > segment.sequence,
  )
}
