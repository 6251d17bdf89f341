import { mkdir } from "node:fs/promises"
import { messageId } from "../ids.ts"
import { announceWriter } from "./locks.ts"
import { FRAME_HEADER_BYTES, MAX_RECORD_BYTES, segmentName, writeFrame } from "./segment.ts"
import { createSegmentFile, type SegmentFile } from "./segment-file.ts"
import { type FullReason, type SpoolUsage, watchSpace } from "./space.ts"

/** A segment is closed at this age, so that readers can finish with it and forget it. */
const SEGMENT_AGE_MS = 60_000
/**
 * A sync costs some 100 µs of CPU whatever it syncs. Under load the next waits until this much time has
 * passed since the last began or enough has gathered; the first after a pause never waits.
 */
const PACE_MS = 2
const PACE_RECORDS = 16
/** Written and synced together at most. */
const GROUP_BYTES = 4 * 1024 * 1024
/** A group's buffer is kept for the next up to this size. */
const BUFFER_KEPT_BYTES = 1024 * 1024
/** Waiting for a disk that does not answer; beyond, callers are turned away rather than held in memory. */
const WAITING_BYTES = 64 * 1024 * 1024

/** Nothing more can be promised: the spool is at its limit or its disk does not take any more. */
export class SpoolFull extends Error {
  readonly reason: FullReason | "disk"

  constructor(reason: FullReason | "disk", options?: ErrorOptions) {
    super(`the spool takes no more (${reason})`, options)
    this.name = "SpoolFull"
    this.reason = reason
  }
}

export type SpoolOptions = {
  directory: string
  segmentBytes: number
  /** Of the whole folder, all writers together. */
  maxBytes: number
  /** Left free on the disk. */
  minFreeBytes: number
}

export type Spool = {
  /** Of this process' segments; a uuid v7, new at each start. */
  writerId: string
  /** Resolves when the record is on stable storage; throws SpoolFull. The bytes must not change meanwhile. */
  append(record: Uint8Array): Promise<void>
  usage(): SpoolUsage
  /** Waits for what is being written, then closes. */
  stop(): Promise<void>
}

type Waiting = { record: Uint8Array; resolve(): void; reject(error: Error): void }

/** Opens the spool for writing. One writer a process; several processes may share the folder. */
export async function openSpool(options: SpoolOptions): Promise<Spool> {
  await mkdir(options.directory, { recursive: true, mode: 0o700 })
  const space = await watchSpace(options)
  const writerId = messageId()
  const presence = announceWriter(options.directory, writerId)
  const segments = rotateSegments(options, writerId, space.took)
  const group = groupBuffer()
  let waiting: Waiting[] = []
  let waitingBytes = 0
  let flushing: Promise<void> | null = null
  let isStopped = false
  const pace = pacer()

  /** What arrives while one group is being synced makes up the next. */
  const flush = async () => {
    while (waiting.length > 0) {
      if (waiting.length < PACE_RECORDS && !isStopped) await pace.pause()
      pace.begin()
      const count = countForGroup(waiting)
      const members = waiting.slice(0, count)
      waiting = waiting.slice(count)
      const error = await writeGroup(members).catch((cause) => new SpoolFull("disk", { cause }))
      for (const member of members) {
        waitingBytes -= member.record.length
        if (error) member.reject(error)
        else member.resolve()
      }
    }
    flushing = null
  }
  const writeGroup = async (members: Waiting[]): Promise<void> => {
    const bytes = members.reduce((sum, { record }) => sum + framedBytes(record), 0)
    await segments.append((marker) => group.fill(members, { marker, bytes }))
  }

  return {
    writerId,
    append: (record) => {
      if (isStopped) return Promise.reject(new SpoolFull("disk", { cause: "the spool is closed" }))
      if (record.length > MAX_RECORD_BYTES) return Promise.reject(new RangeError("record too long"))
      const reason = space.refusal(waitingBytes + framedBytes(record))
      if (reason) return Promise.reject(new SpoolFull(reason))
      if (waitingBytes > WAITING_BYTES) return Promise.reject(new SpoolFull("disk"))
      waitingBytes += record.length
      return new Promise<void>((resolve, reject) => {
        waiting.push({ record, resolve, reject })
        if (waiting.length === PACE_RECORDS) pace.hurry()
        flushing ??= flush()
      })
    },
    usage: space.usage,
    stop: async () => {
      if (isStopped) return
      isStopped = true
      pace.hurry()
      await flushing
      await segments.close()
      presence.release()
    },
  }
}

/** Holds a group back until its time has come or somebody is in a hurry. */
function pacer() {
  let begunAt = 0
  let wake: (() => void) | null = null
  return {
    begin: () => {
      begunAt = performance.now()
    },
    hurry: () => wake?.(),
    pause: async () => {
      const ms = begunAt + PACE_MS - performance.now()
      if (ms <= 0) return
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      wake = null
    },
  }
}

/** One open segment at a time; the next is begun when it is large, old or has failed. */
function rotateSegments(options: SpoolOptions, writerId: string, took: (bytes: number) => void) {
  let current: SegmentFile | null = null
  let sequence = 0

  const close = async () => {
    const closing = current
    current = null
    await closing?.close().catch(() => {})
  }
  const isDue = (segment: SegmentFile) =>
    segment.length() >= options.segmentBytes ||
    performance.now() - segment.createdAt > SEGMENT_AGE_MS
  const appendOnce = async (framesFor: (marker: number) => Uint8Array) => {
    if (current && isDue(current)) await close()
    current ??= await createSegmentFile(options.directory, segmentName(writerId, ++sequence))
    const before = current.allocated()
    await current.append(framesFor(current.marker))
    took(current.allocated() - before)
  }
  return {
    close,
    /**
     * A segment that failed is never written again: a reader may have consumed part of the failed
     * group, and would not look at the same place twice. One new segment is tried before giving up.
     */
    append: async (framesFor: (marker: number) => Uint8Array): Promise<void> => {
      try {
        await appendOnce(framesFor)
      } catch {
        await close()
        await appendOnce(framesFor).catch(async (error: unknown) => {
          await close()
          throw error
        })
      }
    },
  }
}

/** One buffer serves group after group; an unusually large group gets its own. */
function groupBuffer() {
  let kept = new Uint8Array(64 * 1024)
  const sized = (bytes: number) => {
    if (bytes > BUFFER_KEPT_BYTES) return new Uint8Array(bytes)
    if (bytes > kept.length) kept = new Uint8Array(Math.min(bytes * 2, BUFFER_KEPT_BYTES))
    return kept
  }
  return {
    fill: (members: Waiting[], frame: { marker: number; bytes: number }): Uint8Array => {
      const buffer = sized(frame.bytes)
      let offset = 0
      for (const { record } of members) {
        offset = writeFrame(buffer, offset, { marker: frame.marker, record })
      }
      return buffer.subarray(0, offset)
    },
  }
}

/** How many of the first waiting records make up a group; at least one, whatever its size. */
function countForGroup(waiting: Waiting[]): number {
  let bytes = 0
  const index = waiting.findIndex(({ record }) => {
    bytes += framedBytes(record)
    return bytes > GROUP_BYTES
  })
  return index === -1 ? waiting.length : Math.max(1, index)
}

function framedBytes(record: Uint8Array): number {
  return FRAME_HEADER_BYTES + record.length
}
