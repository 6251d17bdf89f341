import zlib from "node:zlib"
import { messageOf } from "#platform/errors.ts"

/** The tags of one event, as a batch hands them to the fold. */
export type TaggedEvent = {
  projectId: string
  issueId: string
  /** Milliseconds since 1970. */
  occurredAt: number
  tags: readonly (readonly [key: string, value: string])[]
  /** -1: it was counted here and belongs to another issue by now. */
  weight?: -1
}

type EventTuple = [
  projectId: string,
  issueId: string,
  occurredAt: number,
  tags: TaggedEvent["tags"],
  weight?: -1,
]

/** A batch's row is far smaller; a damaged one must not fill the memory. */
const MAX_BYTES = 256 * 1024 * 1024

/**
 * A batch's tags as zstd of JSON. Nothing is summed here: summing 20 tags an event took the worker 40 µs, writing them
 * down takes 6, and the fold sums many batches at once.
 */
export function encodeTagDeltas(events: readonly TaggedEvent[]): Uint8Array {
  const tuples = events.map(
    ({ projectId, issueId, occurredAt, tags, weight }): EventTuple =>
      weight
        ? [projectId, issueId, occurredAt, tags, weight]
        : [projectId, issueId, occurredAt, tags],
  )
  return Bun.zstdCompressSync(JSON.stringify(tuples), { level: 1 })
}

/** Throws when the row is damaged. */
export function decodeTagDeltas(bytes: Uint8Array): TaggedEvent[] {
  const tuples: EventTuple[] = JSON.parse(textOf(bytes))
  return tuples.map(([projectId, issueId, occurredAt, tags, weight]) => ({
    projectId,
    issueId,
    occurredAt,
    tags,
    ...(weight && { weight }),
  }))
}

/** zlib's errors have codes of their own, which say nothing to whoever looks for PostgreSQL's. */
function textOf(bytes: Uint8Array): string {
  try {
    return zlib.zstdDecompressSync(bytes, { maxOutputLength: MAX_BYTES }).toString()
  } catch (error) {
    throw new Error(`not readable as zstd: ${messageOf(error)}`)
  }
}
