import { type SourceMapSegment, TraceMap, traceSegment } from "@jridgewell/trace-mapping"
import { BoundedMap } from "#platform/bounded-map.ts"
import { type LinedText, linedText } from "./context-lines.ts"
import { type FunctionMap, functionMapOf } from "./function-map.ts"

/** A position in an original source. Lines and columns count from 0. */
export type Token = {
  source: string
  line: number
  column: number
  /** What stood there, when it was renamed. */
  name: string | null
  /** The source itself; null when the map does not bring it. */
  content: () => LinedText | null
  /** The function around it, when the map says so (Metro). */
  scope: string | null
}

/** A source map that is open to be asked. */
export type OpenMap = {
  tokenAt(line: number, column: number): Token | null
  /** The original name of an identifier that begins here; null: not renamed, or unknown. */
  nameAt(line: number, column: number): string | null
  /** About how much memory it takes. */
  bytes: number
}

/** Why a map cannot be used; a person reads it. */
export class InvalidMap extends Error {}

/** Ten times what the largest maps of real programs have; each takes some 100 bytes. */
const MAX_SEGMENTS = 5_000_000
const MAX_SECTIONS = 10_000
const MAX_DEPTH = 4
const MAX_SOURCES = 200_000
const BYTES_PER_SEGMENT = 96
const LINED_SOURCES = 200
const PROTECTION = /^\)\]\}[^\n]{0,100}\n/

type Part = { line: number; column: number; map: OneMap }

/** Reads a map of any kind. Throws InvalidMap. */
export function openMap(body: Buffer): OpenMap {
  const parts: Part[] = []
  const budget = { segments: MAX_SEGMENTS, sections: MAX_SECTIONS }
  collect(jsonOf(body), { line: 0, column: 0 }, { parts, budget, depth: 0 })
  const segments = MAX_SEGMENTS - budget.segments
  const find = (line: number, column: number) => partAt(parts, line, column)
  return {
    tokenAt: (line, column) => {
      const found = find(line, column)
      return found?.map.tokenAt(found.line, found.column) ?? null
    },
    nameAt: (line, column) => {
      const found = find(line, column)
      return found?.map.nameAt(found.line, found.column) ?? null
    },
    bytes: body.length + segments * BYTES_PER_SEGMENT,
  }
}

function jsonOf(body: Buffer): Record<string, unknown> {
  const text = body.toString()
  let json: unknown
  try {
    json = JSON.parse(text.startsWith(")]}") ? text.replace(PROTECTION, "") : text)
  } catch {
    throw new InvalidMap("it is not JSON")
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new InvalidMap("it is not a JSON object")
  }
  return json as Record<string, unknown>
}

type Collection = {
  parts: Part[]
  budget: { segments: number; sections: number }
  depth: number
}

/** An indexed map is a list of maps, each of which may be one again. */
function collect(
  json: Record<string, unknown>,
  at: { line: number; column: number },
  collection: Collection,
): void {
  if (json.sections === undefined) {
    collection.parts.push({ ...at, map: oneMap(json, collection.budget) })
    return
  }
  if (!Array.isArray(json.sections)) throw new InvalidMap("its sections are no list")
  if (collection.depth === MAX_DEPTH) throw new InvalidMap("its sections are nested too deeply")
  collection.budget.sections -= json.sections.length
  if (collection.budget.sections < 0) throw new InvalidMap("it has too many sections")
  for (const section of json.sections) {
    const { offset, map } = (section ?? {}) as { offset?: unknown; map?: unknown }
    const { line, column } = (offset ?? {}) as { line?: unknown; column?: unknown }
    if (!isIndex(line) || !isIndex(column) || typeof map !== "object" || map === null) {
      throw new InvalidMap("a section has no offset or no map")
    }
    const start = { line: at.line + line, column: line === 0 ? at.column + column : column }
    const last = collection.parts.at(-1)
    if (last && isBefore(start, last)) throw new InvalidMap("its sections are not in order")
    const deeper = { ...collection, depth: collection.depth + 1 }
    collect(map as Record<string, unknown>, start, deeper)
  }
}

const isIndex = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0

type Position = { line: number; column: number }
const isBefore = (a: Position, b: Position) =>
  a.line < b.line || (a.line === b.line && a.column < b.column)

/** The part that covers a position, and where the position is in it. */
function partAt(parts: readonly Part[], line: number, column: number) {
  let low = 0
  let high = parts.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const part = parts[middle]
    if (part && isBefore({ line, column }, part)) high = middle - 1
    else low = middle + 1
  }
  const part = parts[high]
  if (!part) return null
  const isFirstLine = line === part.line
  return {
    map: part.map,
    line: line - part.line,
    column: isFirstLine ? column - part.column : column,
  }
}

type OneMap = Omit<OpenMap, "bytes">

function oneMap(json: Record<string, unknown>, budget: { segments: number }): OneMap {
  const { mappings } = json
  if (typeof mappings !== "string") throw new InvalidMap("it has no mappings")
  if (!Array.isArray(json.sources)) throw new InvalidMap("it has no list of sources")
  if (json.sources.length > MAX_SOURCES) throw new InvalidMap("it has too many sources")
  budget.segments -= countSegments(mappings)
  if (budget.segments < 0) throw new InvalidMap("it has too many mappings")
  const root = textOf(json.sourceRoot).replace(/\/$/, "")
  const sources = json.sources.map((source) => underRoot(root, textOf(source)))
  const names = Array.isArray(json.names) ? json.names : []
  const contents = Array.isArray(json.sourcesContent) ? json.sourcesContent : []
  const scopes = functionMapsOf(json.x_facebook_sources)
  const trace = new TraceMap({ version: 3, sources: [], names: [], mappings })
  const lined = new BoundedMap<number, LinedText>(LINED_SOURCES)

  const contentOf = (index: number): LinedText | null => {
    const known = lined.get(index)
    if (known) return known
    const text = contents[index]
    if (typeof text !== "string") return null
    const read = linedText(text)
    lined.set(index, read)
    return read
  }
  const nameOf = (segment: Segment | null) => {
    const name = segment?.length === 5 ? names[segment[4]] : null
    return typeof name === "string" && name !== "" ? name : null
  }
  return {
    tokenAt(line, column) {
      const segment = traceSegment(trace, line, column)
      if (!segment || segment.length === 1) return null
      const [, index, sourceLine, sourceColumn] = segment
      const source = sources[index]
      if (!source || sourceLine < 0 || sourceColumn < 0) return null
      return {
        source,
        line: sourceLine,
        column: sourceColumn,
        name: nameOf(segment),
        content: () => contentOf(index),
        scope: scopes.get(index)?.(sourceLine, sourceColumn) ?? null,
      }
    },
    nameAt(line, column) {
      const segment = traceSegment(trace, line, column)
      if (!segment || segment.length === 1 || column - segment[0] > 1) return null
      return nameOf(segment) ?? nameOf(leftOf(trace, line, segment))
    },
  }
}

type Segment = Readonly<SourceMapSegment>

/** Some bundlers write two for one place, and the name into the first of them. */
function leftOf(trace: TraceMap, line: number, segment: Segment): Segment | null {
  const left = segment[0] > 0 ? traceSegment(trace, line, segment[0] - 1) : null
  const isSame = left?.length === 5 && [1, 2, 3].every((part) => left[part] === segment[part])
  return isSame ? left : null
}

/** Before anything is made of them: each becomes an array. */
function countSegments(mappings: string): number {
  let count = 1
  for (let at = 0; at < mappings.length; at++) {
    const code = mappings.charCodeAt(at)
    if (code === COMMA || code === SEMICOLON) count++
  }
  return count
}
const COMMA = 44
const SEMICOLON = 59

const textOf = (value: unknown) => (typeof value === "string" ? value : "")

function underRoot(root: string, source: string): string {
  const isWhole = root === "" || source.startsWith("/") || /^[a-z][a-z0-9+.-]*:/i.test(source)
  return isWhole ? source : `${root}/${source}`
}

/** Metro tells for each source which function is where. */
function functionMapsOf(sources: unknown): Map<number, FunctionMap> {
  const maps = new Map<number, FunctionMap>()
  if (!Array.isArray(sources)) return maps
  for (const [index, metadata] of sources.entries()) {
    const map = Array.isArray(metadata) ? functionMapOf(metadata[0]) : null
    if (map) maps.set(index, map)
  }
  return maps
}
