import { type ClassMembers, readClass } from "./read-class.ts"

/** A ProGuard or R8 mapping that is open: classes by name, and what a class is made of when somebody asks for it. */
export type OpenMapping = {
  /** By its obfuscated name. */
  classOf(name: string): ClassMembers | null
  /** The file that a class was written in, by its original name. */
  sourceFileOf(original: string): string | null
  hasLines: boolean
  bytes: number
}

const NEWLINE = 10
const SPACE = 32
const TAB = 9
const HASH = 35
const ARROW = " -> "
/** What an entry of the index costs beside the text. */
const CLASS_BYTES = 200
/** Read classes are kept until they come from this much text. */
const KEPT_BYTES = 4 * 1024 * 1024
/** A class of more text is hostile: reading it would take as long as the rest of the file. */
const MAX_CLASS_BYTES = 16 * 1024 * 1024

/**
 * Indexes a mapping in one pass over its bytes (50 MB: a quarter of a second), and reads classes when frames ask for them: of
 * a hundred thousand classes an error names a dozen.
 */
export function openMapping(body: Buffer): OpenMapping {
  const { starts, byName, hasLines } = indexClasses(body)
  const sourceFiles = lazily(() => indexOriginals(body, starts))
  const read = rememberedReader(body, starts)
  return {
    hasLines,
    bytes: body.length + KEPT_BYTES + starts.length * CLASS_BYTES,
    classOf(name) {
      const index = byName.get(name)
      return index === undefined ? null : read(index)
    },
    sourceFileOf(original) {
      const index = sourceFiles().get(original)
      return index === undefined ? null : read(index).sourceFile
    },
  }
}

/** Offsets of the lines of classes, with the length of the file as the last. */
function indexClasses(body: Buffer) {
  const starts: number[] = []
  const byName = new Map<string, number>()
  let hasLines = false
  let end = 0
  for (let at = 0; at < body.length; at = end + 1) {
    const next = body.indexOf(NEWLINE, at)
    end = next === -1 ? body.length : next
    if (isIndented(body[at])) hasLines ||= isDigit(body[firstOther(body, at)])
    const name = isClassStart(body[at]) ? obfuscatedName(body.toString("utf8", at, end)) : null
    if (name === null) continue
    // Of two classes of one name the first counts.
    if (!byName.has(name)) byName.set(name, starts.length)
    starts.push(at)
  }
  return { starts: [...starts, body.length], byName, hasLines }
}

/** Of `orig.Class -> a.b:`; null: it is no such line. */
function obfuscatedName(line: string): string | null {
  const arrow = line.indexOf(ARROW)
  const name = line.slice(arrow + ARROW.length).trimEnd()
  return arrow !== -1 && name.endsWith(":") ? name.slice(0, -1) : null
}

function indexOriginals(body: Buffer, starts: readonly number[]): Map<string, number> {
  const originals = new Map<string, number>()
  for (let index = 0; index + 1 < starts.length; index++) {
    const start = starts[index] ?? 0
    const name = body.toString("utf8", start, body.indexOf(ARROW, start))
    if (!originals.has(name)) originals.set(name, index)
  }
  return originals
}

function rememberedReader(body: Buffer, starts: readonly number[]) {
  const known = new Map<number, ClassMembers>()
  let bytes = 0
  return (index: number): ClassMembers => {
    const remembered = known.get(index)
    if (remembered) return remembered
    const start = starts[index] ?? 0
    const end = Math.min(starts[index + 1] ?? body.length, start + MAX_CLASS_BYTES)
    const read = readClass(body.toString("utf8", start, end))
    if (bytes + (end - start) > KEPT_BYTES) {
      known.clear()
      bytes = 0
    }
    known.set(index, read)
    bytes += end - start
    return read
  }
}

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | null = null
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

function firstOther(body: Buffer, from: number): number {
  let at = from
  while (isIndented(body[at])) at++
  return at
}

const isIndented = (byte: number | undefined) => byte === SPACE || byte === TAB
const isClassStart = (byte: number | undefined) =>
  byte !== undefined && byte !== HASH && byte !== NEWLINE && !isIndented(byte)

const isDigit = (byte: number | undefined) => byte !== undefined && byte >= 48 && byte <= 57
