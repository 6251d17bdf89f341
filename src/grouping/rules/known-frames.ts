import type { GroupingFrame } from "../event.ts"

/** What rules by names depend on. */
type Names = {
  path: string
  name: string
  raw: string
  module: string
  package: string
  platform: string
}

type Known = Names & {
  fitting: readonly number[]
  /** Frames of the same place and name that differ otherwise; so many, this one included. */
  alike: Known | undefined
  count: number
  /** What came after it the last time. */
  follower: Known | undefined
}

export type KnownFrames = {
  find(frame: GroupingFrame, platform: string): readonly number[] | undefined
  add(frame: GroupingFrame, platform: string, fitting: readonly number[]): void
}

const MAX_FRAMES = 5_000
const MAX_ALIKE = 16
const MAX_CHARACTERS = 600

/**
 * Remembers which rules fit a frame by its names: nearly all frames come again with each event, and after the same one as the last
 * time, so that they are mostly compared and seldom looked up. Looked up name by name, as putting a key together takes longer than
 * all of that. Full, it forgets everything: hostile names cannot make it grow.
 */
export function createKnownFrames(): KnownFrames {
  const places = new Map<string, Map<string, Known>>()
  let size = 0
  let last: Known | undefined
  const after = (known: Known | undefined) => {
    if (last && known) last.follower = known
    last = known
    return known?.fitting
  }
  return {
    find(frame, platform) {
      const names = namesOf(frame, platform)
      const follower = last?.follower
      if (follower && isSame(follower, names)) {
        last = follower
        return follower.fitting
      }
      let known = places.get(placeOf(names))?.get(names.name)
      while (known && !isSame(known, names)) known = known.alike
      return after(known)
    },
    add(frame, platform, fitting) {
      const names = namesOf(frame, platform)
      if (lengthOf(names) > MAX_CHARACTERS) return
      if (++size > MAX_FRAMES) {
        places.clear()
        last = undefined
        size = 1
      }
      const ofPlace = places.getOrInsertComputed(placeOf(names), () => new Map())
      const before = ofPlace.get(names.name)
      const alike = before && before.count < MAX_ALIKE ? before : undefined
      const count = (alike?.count ?? 0) + 1
      ofPlace.set(names.name, { ...names, fitting, alike, count, follower: undefined })
    },
  }
}

function namesOf(frame: GroupingFrame, platform: string): Names {
  const { function: name = "", raw_function: raw = "", module = "", package: pack = "" } = frame
  const path = frame.abs_path || frame.filename || ""
  return { path, name, raw, module, package: pack, platform }
}

/** Frames without symbols have no path: their packages tell most of them apart. */
const placeOf = ({ path, package: pack }: Names) => path || pack

function isSame(known: Names, names: Names): boolean {
  return (
    known.name === names.name &&
    known.path === names.path &&
    known.raw === names.raw &&
    known.module === names.module &&
    known.package === names.package &&
    known.platform === names.platform
  )
}

function lengthOf({ path, name, raw, module, package: pack }: Names): number {
  return path.length + name.length + raw.length + module.length + pack.length
}
