import type { DumpBytes } from "./dump-bytes.ts"

/** A part of a dump. */
export type Stream = { at: number; size: number }

/** Where the records of a list begin. Dumps of macOS align them to eight bytes. */
export function recordsOf(
  bytes: DumpBytes,
  { at, size }: Stream,
  recordBytes: number,
  max: number,
): number[] {
  const told = bytes.u32(at)
  const start = at + (size === 8 + told * recordBytes ? 8 : 4)
  const count = Math.min(told, max, Math.floor((bytes.length - start) / recordBytes))
  return Array.from({ length: Math.max(0, count) }, (_, index) => start + index * recordBytes)
}
