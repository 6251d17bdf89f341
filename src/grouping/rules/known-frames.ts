import type { GroupingFrame } from "../event.ts"

/** What rules by names depend on. */
type Names = { path: string; name: string; raw: string; module: string; package: string }

type Known = Omit<Names, "path" | "name"> & {
  hasPath: boolean
  platform: string
  fitting: readonly number[]
  /** Frames of the same place and name that differ otherwise; so many, this one included. */
  next: Known | undefined
  count: number
}

export type KnownFrames = {
  find(frame: GroupingFrame, platform: string): readonly number[] | undefined
  add(frame: GroupingFrame, platform: string, fitting: readonly number[]): void
}

const MAX_FRAMES = 5_000
const MAX_ALIKE = 16
const MAX_CHARACTERS = 600

/**
 * Remembers which rules fit a frame by its names: nearly all frames come again with each event. Looked up name by name, as putting
 * a key together takes longer than all of that. Full, it forgets everything: hostile names cannot make it grow.
 */
export function createKnownFrames(): KnownFrames {
  const places = new Map<string, Map<string, Known>>()
  let size = 0
  return {
    find(frame, platform) {
      const names = namesOf(frame)
      let known = places.get(placeOf(names))?.get(names.name)
      while (known && !isSame(known, names, platform)) known = known.next
      return known?.fitting
    },
    add(frame, platform, fitting) {
      const names = namesOf(frame)
      if (lengthOf(names) > MAX_CHARACTERS) return
      if (++size > MAX_FRAMES) {
        places.clear()
        size = 1
      }
      const ofPlace = places.getOrInsertComputed(placeOf(names), () => new Map())
      const alike = ofPlace.get(names.name)
      const next = alike && alike.count < MAX_ALIKE ? alike : undefined
      const count = (next?.count ?? 0) + 1
      const { path, name, ...rest } = names
      ofPlace.set(name, { ...rest, hasPath: path !== "", platform, fitting, next, count })
    },
  }
}

function namesOf(frame: GroupingFrame): Names {
  const { function: name = "", raw_function: raw = "", module = "", package: pack = "" } = frame
  return { path: frame.abs_path || frame.filename || "", name, raw, module, package: pack }
}

/** Frames without symbols have no path: their packages tell most of them apart. */
const placeOf = ({ path, package: pack }: Names) => path || pack

/** Of frames of the same place and name. */
function isSame(known: Known, names: Names, platform: string): boolean {
  return (
    known.platform === platform &&
    known.hasPath === (names.path !== "") &&
    known.raw === names.raw &&
    known.module === names.module &&
    known.package === names.package
  )
}

function lengthOf({ path, name, raw, module, package: pack }: Names): number {
  return path.length + name.length + raw.length + module.length + pack.length
}
