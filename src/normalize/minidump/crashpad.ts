import { type DumpBytes, InvalidDump } from "./dump-bytes.ts"
import type { Stream } from "./records.ts"

const MAX_ANNOTATIONS = 200
const MAX_MODULES = 250
const MODULE_LINK_BYTES = 12
const OBJECT_BYTES = 12
const STRING = 1

/** What a program that uses Crashpad told of itself: names and texts, of the process and of its modules. The first of a name counts. */
export function readAnnotations(bytes: DumpBytes, { at }: Stream): Record<string, string> {
  const found = new Map<string, string>()
  const add = (nameAt: number, valueAt: number) => {
    const name = bytes.counted(nameAt)
    if (name !== "" && !found.has(name) && found.size < MAX_ANNOTATIONS) {
      found.set(name, bytes.counted(valueAt))
    }
  }
  const addPairs = (start: number) => {
    if (start === 0) return
    for (const pair of entriesOf(bytes, start, 8)) add(bytes.u32(pair), bytes.u32(pair + 4))
  }
  addPairs(bytes.u32(at + 40))
  const modulesAt = bytes.u32(at + 48)
  for (const link of modulesAt === 0 ? [] : entriesOf(bytes, modulesAt, MODULE_LINK_BYTES)) {
    const module = bytes.u32(link + 8)
    addPairs(bytes.u32(module + 16))
    const objectsAt = bytes.u32(module + 24)
    for (const object of objectsAt === 0 ? [] : entriesOf(bytes, objectsAt, OBJECT_BYTES)) {
      if (bytes.u16(object + 4) === STRING) add(bytes.u32(object), bytes.u32(object + 8))
    }
  }
  return Object.fromEntries(found)
}

/** Where the entries of a list begin, behind their number. */
function entriesOf(bytes: DumpBytes, at: number, width: number): number[] {
  const count = Math.min(bytes.u32(at), MAX_MODULES)
  if (at + 4 + count * width > bytes.length) throw new InvalidDump("it is cut short")
  return Array.from({ length: count }, (_, index) => at + 4 + index * width)
}
