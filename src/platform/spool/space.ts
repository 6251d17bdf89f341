import { readdir, stat, statfs } from "node:fs/promises"
import { join } from "node:path"

/** Between two looks at the disk. Half full or full, the answer may change at any moment: readers delete. */
const LOOK_EVERY_MS = 1000
const LOOK_AGAIN_MS = 100

export type SpoolUsage = { bytes: number; segments: number }
export type FullReason = "max-bytes" | "min-free"
export type SpoolSpace = {
  usage(): SpoolUsage
  /** Why so many more bytes may not be written now, or null. Looks at the disk again in the background. */
  refusal(bytes: number): FullReason | null
  /** Counts bytes taken since the last look. */
  took(bytes: number): void
}

/**
 * Watches how much of its allowance the spool folder uses: all writers together, kept damaged segments
 * included. Never waits for the disk: answers from the last look plus what was written since.
 */
export async function watchSpace(options: {
  directory: string
  maxBytes: number
  minFreeBytes: number
}): Promise<SpoolSpace> {
  let seen = await look(options.directory)
  let taken = 0
  let lookedAt = performance.now()
  let isLooking = false

  const lookAgain = async () => {
    isLooking = true
    const takenBefore = taken
    const now = await look(options.directory).catch(() => seen)
    seen = now
    taken -= takenBefore
    lookedAt = performance.now()
    isLooking = false
  }
  const reasonFor = (bytes: number): FullReason | null => {
    if (seen.bytes + taken + bytes > options.maxBytes) return "max-bytes"
    return seen.freeBytes - taken - bytes < options.minFreeBytes ? "min-free" : null
  }
  return {
    usage: () => ({ bytes: seen.bytes + taken, segments: seen.segments }),
    took: (bytes) => {
      taken += bytes
    },
    refusal: (bytes) => {
      const reason = reasonFor(bytes)
      const age = performance.now() - lookedAt
      if (!isLooking && age > (reason ? LOOK_AGAIN_MS : LOOK_EVERY_MS)) void lookAgain()
      return reason
    },
  }
}

async function look(directory: string): Promise<SpoolUsage & { freeBytes: number }> {
  const names = (await readdir(directory)).filter((name) => /\.(?:seg|corrupt)$/.test(name))
  const sizes = await Promise.all(names.map((name) => sizeOf(join(directory, name))))
  const disk = await statfs(directory)
  return {
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    segments: names.filter((name) => name.endsWith(".seg")).length,
    freeBytes: disk.bavail * disk.bsize,
  }
}

/** A reader may delete the segment between the listing and this. */
async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  )
}
