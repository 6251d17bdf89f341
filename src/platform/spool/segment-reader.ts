import { readSync } from "node:fs"
import { type FileHandle, open } from "node:fs/promises"
import { join } from "node:path"
import {
  checksumOf,
  FRAME_HEADER_BYTES,
  MAX_RECORD_BYTES,
  markerOf,
  type SegmentName,
} from "./segment.ts"

/** Read at once: what a small backlog fits in, and what a large one is worth. */
const WINDOW_BYTES = 64 * 1024
const WINDOW_MAX_BYTES = 1024 * 1024

type SegmentRecord = {
  /** A view into a larger buffer; not to be changed. */
  record: Uint8Array
  /** Where the next record begins. */
  end: number
}
export type SegmentRead = {
  records: SegmentRecord[]
  /** Where to go on. Beyond the last record's end when damage was skipped. */
  next: number
  /** Places where bytes that are no record were skipped. */
  damaged: number
  /** ended: nothing more is written here. blocked: bytes that are no record, or not wholly written yet. */
  state: "more" | "ended" | "blocked"
}
export type ReadOptions = {
  maxRecords: number
  /** The record that passes it is still included. */
  maxBytes: number
  /** Nothing will be appended any more: what cannot be read now never can. */
  isFinal: boolean
  /** Go on behind damage when a whole record follows, also while the segment is being written. */
  skipDamage: boolean
}
export type SegmentReader = {
  read(position: number, options: ReadOptions): Promise<SegmentRead>
  /** Whether anything is written at `position`; a few microseconds, for asking often. */
  hasBytesAt(position: number): boolean
  /** Bytes up to the last one that is not zero, give or take a record that ends in zeros. */
  usedBytes(): Promise<number>
  close(): Promise<void>
}

/**
 * Opens a segment for sequential reading, while it is written or later. A record counts when its checksum
 * is right; whether it has been synced does not matter to a reader, for whom delivery is "at least once".
 */
export async function openSegment(directory: string, segment: SegmentName): Promise<SegmentReader> {
  const handle = await open(join(directory, segment.name), "r")
  const marker = markerOf(segment)
  const peeked = new Uint8Array(4)
  return {
    hasBytesAt: (position) => {
      const length = readSync(handle.fd, peeked, 0, peeked.length, position)
      return peeked.subarray(0, length).some((byte) => byte !== 0)
    },
    read: (position, options) => readFrames({ handle, marker }, position, options),
    usedBytes: () => usedBytesOf(handle),
    close: () => handle.close(),
  }
}

type Source = { handle: FileHandle; marker: number }

async function readFrames(
  source: Source,
  position: number,
  options: ReadOptions,
): Promise<SegmentRead> {
  const read: SegmentRead = { records: [], next: position, damaged: 0, state: "more" }
  let bytes = 0
  let windowBytes = WINDOW_BYTES
  const isFull = () => read.records.length >= options.maxRecords || bytes >= options.maxBytes

  while (!isFull()) {
    const window = await readAt(source.handle, read.next, windowBytes)
    const isLastWindow = window.length < windowBytes
    const base = read.next
    let frame = frameAt(window, 0, source.marker)
    while (typeof frame === "object" && !isFull()) {
      read.records.push({ record: frame.record, end: base + frame.end })
      read.next = base + frame.end
      bytes += frame.record.length
      frame = frameAt(window, frame.end, source.marker)
    }
    if (typeof frame === "object") break
    if (typeof frame === "number" && !isLastWindow) {
      const needed = frame - (read.next - base)
      windowBytes = Math.max(needed, Math.min(windowBytes * 4, WINDOW_MAX_BYTES))
      continue
    }
    if (!(await passObstacle(source, read, options))) break
  }
  return read
}

/**
 * The frame at `offset`; or, when the window ends within it, the offset the window must reach at least; or
 * "bad" when no frame of this segment stands there.
 */
function frameAt(
  window: Buffer,
  offset: number,
  marker: number,
): { record: Uint8Array; end: number } | number | "bad" {
  if (window.length - offset < FRAME_HEADER_BYTES) return offset + FRAME_HEADER_BYTES
  if (window.readUInt32LE(offset) !== marker) return "bad"
  const length = window.readUInt32LE(offset + 4)
  if (length > MAX_RECORD_BYTES) return "bad"
  const start = offset + FRAME_HEADER_BYTES
  if (start + length > window.length) return start + length
  const record = window.subarray(start, start + length)
  if (checksumOf(record) !== window.readUInt32LE(offset + 8)) return "bad"
  return { record, end: start + length }
}

/**
 * No whole frame stands at `read.next`: the end, a record in the making, or damage. Moves `read` behind the
 * damage where that is allowed; answers whether there is something to go on with.
 */
async function passObstacle(
  source: Source,
  read: SegmentRead,
  options: ReadOptions,
): Promise<boolean> {
  const mayWait = !options.isFinal && !options.skipDamage
  const ahead = await readAt(
    source.handle,
    read.next,
    mayWait ? FRAME_HEADER_BYTES : MAX_RECORD_BYTES,
  )
  const isBlank = ahead.every((byte) => byte === 0)
  if (mayWait || isBlank) {
    read.state = isBlank ? "ended" : "blocked"
    return false
  }
  const found = findFrame(ahead, source.marker)
  if (found === -1 && !options.isFinal) {
    read.state = "blocked"
    return false
  }
  read.damaged++
  read.next += found === -1 ? ahead.length : found
  if (found === -1) read.state = "ended"
  return found !== -1
}

/** Where the next whole frame begins, or -1. Only the segment's own marker is tried, so this is quick. */
function findFrame(bytes: Buffer, marker: number): number {
  const needle = Buffer.alloc(4)
  needle.writeUInt32LE(marker)
  let at = bytes.indexOf(needle, 1)
  while (at !== -1 && typeof frameAt(bytes, at, marker) !== "object")
    at = bytes.indexOf(needle, at + 1)
  return at
}

/** Up to `length` bytes from `position`; fewer only at the end of the file. */
async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const wanted =
    length > WINDOW_MAX_BYTES
      ? Math.min(length, Math.max(0, (await handle.stat()).size - position))
      : length
  const buffer = Buffer.allocUnsafeSlow(wanted)
  let filled = 0
  while (filled < wanted) {
    const { bytesRead } = await handle.read(buffer, filled, wanted - filled, position + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}

/** A writer allocates at most one window of zeros ahead. */
async function usedBytesOf(handle: FileHandle): Promise<number> {
  const { size } = await handle.stat()
  const start = Math.max(0, size - WINDOW_MAX_BYTES)
  const tail = await readAt(handle, start, WINDOW_MAX_BYTES)
  return start + tail.findLastIndex((byte) => byte !== 0) + 1
}
