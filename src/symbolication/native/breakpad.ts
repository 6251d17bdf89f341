import { readDebugId } from "#normalize/values/debug-id.ts"
import {
  InvalidSymbols,
  lastBelow,
  type NativeFrame,
  type ObjectLabel,
  type OpenSymbols,
} from "./symbols.ts"

const NEWLINE = 10
const MAX_HEAD_LINES = 20
const ENTRY_BYTES = 24
const NAME_BYTES = 100
/** A function of more text is hostile. */
const MAX_FUNCTION_BYTES = 4 * 1024 * 1024

/** Reads the first lines of a symbol file. Throws InvalidSymbols. */
export function labelBreakpad(start: Buffer): ObjectLabel {
  const lines = start.toString("utf8").split("\n", MAX_HEAD_LINES)
  const [, os = "", cpu = "", id = ""] = /^MODULE (\S+) (\S+) (\S+) /.exec(lines[0] ?? "") ?? []
  const debugId = readDebugId(id)
  if (!debugId) throw new InvalidSymbols("its MODULE line has no id")
  const codeId = lines.map((line) => /^INFO CODE_ID ([0-9A-Fa-f]{1,128})/.exec(line)?.[1])
  const isPortable = os.toLowerCase() === "windows"
  return {
    kind: "breakpad",
    debugId: isPortable ? debugId : debugId.slice(0, 36),
    codeId: codeId.find((found) => found !== undefined)?.toLowerCase() ?? null,
    cpu,
    type: "dbg",
    features: ["symtab", "debug"],
  }
}

/**
 * Indexes a symbol file in one pass over its bytes; the lines of a function are read when an address in it is asked for.
 */
export function openBreakpad(body: Buffer): OpenSymbols {
  const { functions, publics, files, origins } = indexOf(body)
  const byFunction = sortedBy(functions, body)
  const byPublic = sortedBy(publics, body)
  const nameIn = (index: ReadonlyMap<number, number>, id: number) => {
    const at = index.get(id)
    return at === undefined ? null : afterWords(lineAt(body, at), 2)
  }
  const counts = functions.length + publics.length
  return {
    bytes: body.length + counts * ENTRY_BYTES + (files.size + origins.size) * NAME_BYTES,
    framesAt(address) {
      const place = byFunction(address)
      const found = place && readFunction(body, place.at, address)
      if (found) {
        return framesOf(
          found,
          (id) => nameIn(files, id),
          (id) => nameIn(origins, id),
        )
      }
      const open = byPublic(address)
      // A name before a function that has ended says nothing of what comes behind it.
      return open && open.beginsAt >= (place?.beginsAt ?? 0)
        ? publicFrame(lineAt(body, open.at))
        : null
    },
  }
}

type Index = {
  /** Offsets of their lines. */
  functions: number[]
  publics: number[]
  /** Offsets by number. */
  files: Map<number, number>
  origins: Map<number, number>
}

function indexOf(body: Buffer): Index {
  const index: Index = { functions: [], publics: [], files: new Map(), origins: new Map() }
  for (let at = 0; at < body.length; at = nextLine(body, at)) {
    switch (body[at]) {
      case 70: // F
        if (startsWith(body, at, "FUNC ")) index.functions.push(at)
        else if (startsWith(body, at, "FILE ")) index.files.set(numberIn(body, at + 5), at)
        break
      case 73: // I
        if (startsWith(body, at, "INLINE_ORIGIN ")) {
          index.origins.set(numberIn(body, at + 14), at)
        }
        break
      case 80: // P
        if (startsWith(body, at, "PUBLIC ")) index.publics.push(at)
        break
    }
  }
  return index
}

function sortedBy(offsets: readonly number[], body: Buffer) {
  const entries = offsets
    .map((at) => ({ at, address: addressIn(body, at) }))
    .sort((a, b) => a.address - b.address || a.at - b.at)
  const starts = Float64Array.from(entries, ({ address }) => address)
  const places = Float64Array.from(entries, ({ at }) => at)
  return (address: number) => {
    const index = lastBelow(starts, address)
    const at = places[index]
    return at === undefined ? null : { at, beginsAt: starts[index] ?? 0 }
  }
}

/** Of `FUNC m 1234 …` or `PUBLIC 1234 …`. */
function addressIn(body: Buffer, at: number): number {
  const [, first = "", second = ""] = body.toString("latin1", at, at + 40).split(" ", 3)
  return Number.parseInt(first === "m" ? second : first, 16) || 0
}

type Inline = { depth: number; line: number; file: number; origin: number }
type FoundFunction = {
  name: string
  beginsAt: number
  /** The row of the address itself. */
  row: { line: number; file: number } | null
  /** Calls put into the function around the address, outermost first. */
  inlines: Inline[]
}

/** null: the function ends before the address. */
function readFunction(body: Buffer, at: number, address: number): FoundFunction | null {
  const head = wordsOf(lineAt(body, at), 5)
  const [beginsAt, size] = [hex(head[0]), hex(head[1])]
  if (address >= beginsAt + size) return null
  const found: FoundFunction = { name: head[3] ?? "", beginsAt, row: null, inlines: [] }
  const end = Math.min(body.length, at + MAX_FUNCTION_BYTES)
  for (let next = nextLine(body, at); next < end; next = nextLine(body, next)) {
    const line = lineAt(body, next)
    if (line.startsWith("INLINE ")) found.inlines.push(...inlineIn(line, address))
    else if (/^[0-9a-f]/.test(line)) found.row = rowIn(line, address) ?? found.row
    else break
  }
  found.inlines.sort((a, b) => a.depth - b.depth)
  return found
}

/** `address size line file` */
function rowIn(text: string, address: number): FoundFunction["row"] {
  const [from, bytes, number, file] = text.split(" ", 4)
  const start = hex(from)
  const isHere = start <= address && address < start + hex(bytes)
  return isHere ? { line: Number(number) || 0, file: Number(file) } : null
}

/** `INLINE depth line file origin [address size]…`; none: the address is in no range of it. */
function inlineIn(text: string, address: number): Inline[] {
  const [, depth, line, file, origin, ...ranges] = text.split(" ")
  for (let index = 0; index + 1 < ranges.length; index += 2) {
    const start = hex(ranges[index])
    if (start <= address && address < start + hex(ranges[index + 1])) {
      return [
        { depth: Number(depth), line: Number(line), file: Number(file), origin: Number(origin) },
      ]
    }
  }
  return []
}

type NameOf = (id: number) => string | null

/** Oldest first: each function was at the place where the next was put into it, the last at the row itself. */
function framesOf(
  { name, beginsAt, row, inlines }: FoundFunction,
  fileOf: NameOf,
  originOf: NameOf,
): NativeFrame[] {
  const names = [name, ...inlines.map(({ origin }) => originOf(origin) ?? "")]
  const places = [...inlines, row]
  return names.flatMap((each, index): NativeFrame[] => {
    const place = places[index]
    if (each === "") return []
    const file = place ? fileOf(place.file) : null
    return [{ function: each, file, line: place && place.line > 0 ? place.line : null, beginsAt }]
  })
}

function publicFrame(line: string): NativeFrame[] | null {
  const [beginsAt, , name = ""] = wordsOf(line, 4)
  if (name === "") return null
  return [{ function: name, file: null, line: null, beginsAt: hex(beginsAt) }]
}

/** What follows the kind of a line and its `m`, which says that several functions share the code; the last word is the rest. */
function wordsOf(line: string, count: number): string[] {
  const words = line.split(" ")
  const start = words[1] === "m" ? 2 : 1
  const last = start + count - 2
  return [...words.slice(start, last), words.slice(last).join(" ")]
}

function afterWords(line: string, count: number): string {
  return line.split(" ").slice(count).join(" ")
}

const hex = (text: string | undefined) => Number.parseInt(text ?? "", 16) || 0

function nextLine(body: Buffer, at: number): number {
  const end = body.indexOf(NEWLINE, at)
  return end === -1 ? body.length : end + 1
}

const MAX_LINE_BYTES = 64 * 1024

function lineAt(body: Buffer, at: number): string {
  const end = Math.min(nextLine(body, at), at + MAX_LINE_BYTES)
  return body.toString("utf8", at, end).trimEnd()
}

const startsWith = (body: Buffer, at: number, word: string) =>
  body.toString("latin1", at, at + word.length) === word

function numberIn(body: Buffer, at: number): number {
  return Number.parseInt(body.toString("latin1", at, at + 12), 10)
}
