import { open, readdir, rm } from "node:fs/promises"
import { join } from "node:path"
import { crc32c } from "./crc32c.ts"

/** Marker, length and CRC-32C, four little-endian bytes each, in front of every record. */
export const FRAME_HEADER_BYTES = 12
/** Longest record a reader believes in; the door's largest body is far below. */
export const MAX_RECORD_BYTES = 128 * 1024 * 1024
/** Damaged segments that are kept to be looked at; the oldest go first. */
const CORRUPT_KEPT = 8

/** `<writerId>-<sequence>.seg`; the writer id is a uuid v7, so names sort by age. */
export type SegmentName = { name: string; writerId: string; sequence: number }

export function segmentName(writerId: string, sequence: number): SegmentName {
  return { name: `${writerId}-${String(sequence).padStart(8, "0")}.seg`, writerId, sequence }
}

function parseSegmentName(name: string): SegmentName | null {
  const match = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-(\d{8,15})\.seg$/.exec(name)
  return match?.[1] ? { name, writerId: match[1], sequence: Number(match[2]) } : null
}

/** Every segment of the folder, oldest first. A folder that is not there yet has none. */
export async function listSegments(directory: string): Promise<SegmentName[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return []
    throw error
  })
  return names.sort().flatMap((name) => parseSegmentName(name) ?? [])
}

/**
 * What every frame of a segment opens with; never 0, which means "nothing written here yet". It comes from
 * the random part of the writer's id, so that nobody can place a false frame inside an event's body for a
 * reader who searches on after damage.
 */
export function markerOf(segment: SegmentName): number {
  return crc32c(new TextEncoder().encode(segment.name)) || 1
}

export function checksumOf(record: Uint8Array): number {
  return crc32c(record, record.length)
}

/** Writes one frame at `offset` and returns where the next one begins. */
export function writeFrame(
  into: Uint8Array,
  offset: number,
  frame: { marker: number; record: Uint8Array },
): number {
  const view = new DataView(into.buffer, into.byteOffset + offset, FRAME_HEADER_BYTES)
  view.setUint32(0, frame.marker, true)
  view.setUint32(4, frame.record.length, true)
  view.setUint32(8, checksumOf(frame.record), true)
  into.set(frame.record, offset + FRAME_HEADER_BYTES)
  return offset + FRAME_HEADER_BYTES + frame.record.length
}

/** Makes created, renamed and removed names of the folder survive a power cut. */
export async function syncFolder(directory: string): Promise<void> {
  const handle = await open(directory, "r")
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Removes a segment and what stands beside it. */
export async function removeSegment(directory: string, segment: SegmentName): Promise<void> {
  await rm(join(directory, segment.name), { force: true })
  await rm(join(directory, `${segment.name}.tries`), { force: true })
  await rm(join(directory, `${segment.name}.cursor`), { force: true })
}

/** Drops the oldest of the kept damaged segments beyond the few that are worth their space. */
export async function pruneCorruptCopies(directory: string): Promise<void> {
  const kept = (await readdir(directory)).filter((name) => name.endsWith(".corrupt")).sort()
  for (const name of kept.slice(0, -CORRUPT_KEPT)) await rm(join(directory, name), { force: true })
}
