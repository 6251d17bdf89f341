import { type ClaimedSegment, openClaimed } from "../spool/claimed-segment.ts"
import type { SegmentName } from "../spool/segment.ts"
import { type ForwardCursor, findCursor, recordCursor } from "./forward-cursor.ts"
import { isEarlierEntry, type TargetState } from "./forward-target.ts"

/** Cursors are written at most this often; what lies between is forwarded twice after a crash. */
const CURSOR_EVERY_MS = 1000

/** A claimed segment on its way to the stream, and afterwards until it is no longer needed. */
export type ForwardedSegment = {
  segment: SegmentName
  /** Whether there may be records to forward; cheap. */
  hasNews(): boolean
  /** Records not yet forwarded. */
  read(limits: { maxRecords: number; maxBytes: number }): ReturnType<ClaimedSegment["read"]>
  /** The records up to `position` are in the stream. */
  moved(to: { position: number; stream: string; entryId: string }): Promise<void>
  /** Redis forgot: everything is to be forwarded again. */
  restart(epoch: string): void
  isForwarded(): boolean
  forwardedAt(): number
  /** Read so far. */
  bytes(): number
  /** The queue holds nothing of it any more. */
  isConsumed(state: TargetState): boolean
  discard(): Promise<void>
  release(): Promise<void>
}

export async function holdForForwarding(
  directory: string,
  segment: SegmentName,
  epoch: string,
): Promise<ForwardedSegment | null> {
  const claimed = await openClaimed(directory, segment)
  if (!claimed) return null
  const saved = await findCursor(directory, segment.name)
  let cursor: ForwardCursor =
    saved?.epoch === epoch ? saved : { epoch, position: 0, lastEntries: {} }
  let savedAt = performance.now()
  let isDirty = false
  let isForwarded = false
  let forwardedAt = Date.now()

  const save = async () => {
    if (!isDirty) return
    isDirty = false
    savedAt = performance.now()
    await recordCursor(directory, segment.name, cursor)
  }
  return {
    segment,
    hasNews: () => claimed.hasNews(cursor.position),
    bytes: () => cursor.position,
    read: async (limits) => {
      const read = await claimed.read(cursor.position, limits)
      if (read.records.length === 0) {
        if (read.next !== cursor.position) cursor = { ...cursor, position: read.next }
        if (read.isFinished && !isForwarded) {
          isForwarded = true
          forwardedAt = Date.now()
          await save()
        }
      }
      return read
    },
    moved: async ({ position, stream, entryId }) => {
      const lastEntries = { ...cursor.lastEntries, [stream]: entryId }
      cursor = { ...cursor, position, lastEntries }
      isDirty = true
      if (performance.now() - savedAt > CURSOR_EVERY_MS) await save()
    },
    restart: (fresh) => {
      if (cursor.epoch === fresh) return
      cursor = { epoch: fresh, position: 0, lastEntries: {} }
      isForwarded = false
    },
    isForwarded: () => isForwarded,
    forwardedAt: () => forwardedAt,
    isConsumed: (state) =>
      state.epoch === cursor.epoch &&
      Object.entries(cursor.lastEntries).every(([stream, last]) => {
        const oldest = state.oldest.get(stream)
        return !oldest || isEarlierEntry(last, oldest)
      }),
    discard: claimed.discard,
    release: async () => {
      await save().catch(() => {})
      await claimed.release()
    },
  }
}
