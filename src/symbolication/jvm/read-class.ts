import { isJsonObject } from "#protocol/json.ts"

/** A method as a mapping tells it: one row for each range of lines. */
export type MethodRow = {
  /** The lines of the running program; null: any. */
  lines: Range | null
  /** The lines that were written; null: nobody knows. `last` is null where all lines are one. */
  original: { first: number; last: number | null } | null
  className: string
  name: string
  notes: Notes
}
type Range = { first: number; last: number }

/** What R8 says of a class or a row in comments behind it. */
type Notes = {
  /** The compiler made it; nobody wrote it. */
  isSynthesized: boolean
  /** Code of several places, shared by R8. */
  isOutline: boolean
  /** Where an outline was called: its line to the line of the caller. */
  outlineLines: ReadonlyMap<number, number> | null
  rewrites: readonly Rewrite[]
}

/** When this exception was thrown here, so many of the newest frames are not to be shown. */
type Rewrite = { thrown: string; removed: number }

export type ClassMembers = {
  name: string
  sourceFile: string | null
  isSynthesized: boolean
  /** Rows in their order, by the obfuscated name of the method. */
  methods: ReadonlyMap<string, readonly MethodRow[]>
}

const NOTHING: Notes = { isSynthesized: false, isOutline: false, outlineLines: null, rewrites: [] }
/** A range that stands for all lines. */
const CATCH_ALL = 65_535
const MAX_COMMENT_CHARS = 100_000

/** Reads the line of a class and those of its members. */
export function readClass(text: string): ClassMembers {
  const [head = "", ...lines] = text.split("\n").map((line) => line.trim())
  const name = head.slice(0, head.indexOf(" -> "))
  const methods = new Map<string, MethodRow[]>()
  const own = { sourceFile: null as string | null, notes: NOTHING }
  /** What a comment is about: the class before its first member, then the member before it. */
  let subject: { notes: Notes } | null = own
  for (const line of lines) {
    const said = line.startsWith("#") ? commentIn(line) : null
    if (said && subject === own && said.id === "sourceFile") own.sourceFile = textOf(said.fileName)
    else if (said && subject) subject.notes = noted(subject.notes, said)
    if (line === "" || line.startsWith("#")) continue
    const read = readRow(line, name)
    subject = read?.row ?? null
    if (read) add(methods, read.obfuscated, read.row)
  }
  return { name, sourceFile: own.sourceFile, isSynthesized: own.notes.isSynthesized, methods }
}

const textOf = (value: unknown) => (typeof value === "string" ? value : null)

function add(methods: Map<string, MethodRow[]>, name: string, row: MethodRow): void {
  const rows = methods.get(name)
  if (rows) rows.push(row)
  else methods.set(name, [row])
}

/** `1:3:void orig.Class.add(int):10:12 -> b`; null: a field, or nothing that is known. */
function readRow(line: string, className: string): { obfuscated: string; row: MethodRow } | null {
  const arrow = line.lastIndexOf(" -> ")
  const open = line.indexOf("(")
  const close = line.indexOf(")", open)
  if (arrow === -1 || open === -1 || close === -1 || close > arrow) return null
  const [, first, last, rest = ""] =
    /^(?:(\d{1,10}):(\d{1,10}):)?(.*)$/.exec(line.slice(0, open)) ?? []
  const called = rest.slice(rest.lastIndexOf(" ") + 1)
  const dot = called.lastIndexOf(".")
  return {
    obfuscated: line.slice(arrow + 4),
    row: {
      lines: rangeOf(first, last),
      original: originalOf(line.slice(close + 1, arrow)),
      className: dot === -1 ? className : called.slice(0, dot),
      name: called.slice(dot + 1),
      notes: NOTHING,
    },
  }
}

function rangeOf(first: string | undefined, last: string | undefined): Range | null {
  if (first === undefined || last === undefined) return null
  const range = { first: Number(first), last: Number(last) }
  const isAny = range.first === 0 && (range.last === 0 || range.last === CATCH_ALL)
  return isAny ? null : range
}

function originalOf(text: string): MethodRow["original"] {
  const [, first, last] = /^:(\d{1,10})(?::(\d{1,10}))?$/.exec(text) ?? []
  if (first === undefined) return null
  return { first: Number(first), last: last === undefined ? null : Number(last) }
}

type Comment = Record<string, unknown> & { id: string }

function commentIn(line: string): Comment | null {
  const json = line.slice(1).trim()
  if (!json.startsWith("{") || json.length > MAX_COMMENT_CHARS) return null
  try {
    const said: unknown = JSON.parse(json)
    return isJsonObject(said) && typeof said.id === "string" ? (said as Comment) : null
  } catch {
    return null
  }
}

const R8 = "com.android.tools.r8."

function noted(notes: Notes, said: Comment): Notes {
  switch (said.id) {
    case `${R8}synthesized`:
      return { ...notes, isSynthesized: true }
    case `${R8}outline`:
      return { ...notes, isOutline: true }
    case `${R8}outlineCallsite`:
      return { ...notes, outlineLines: linesIn(said.positions) }
    case `${R8}rewriteFrame`:
      return { ...notes, rewrites: [...notes.rewrites, ...rewritesIn(said)] }
    default:
      return notes
  }
}

function linesIn(positions: unknown): Map<number, number> | null {
  if (!isJsonObject(positions)) return null
  const lines = Object.entries(positions).flatMap(([from, to]) =>
    typeof to === "number" ? [[Number(from), to] as const] : [],
  )
  return new Map(lines)
}

function rewritesIn({ conditions, actions }: Comment): Rewrite[] {
  const thrown = only(conditions, /^throws\(L([^;()]{1,500});\)$/)
  const removed = only(actions, /^removeInnerFrames\((\d{1,3})\)$/)
  if (thrown === null || removed === null) return []
  return [{ thrown: thrown.replaceAll("/", "."), removed: Number(removed) }]
}

/** What the one text of a list says; more of them are of a later R8. */
function only(list: unknown, pattern: RegExp): string | null {
  if (!Array.isArray(list) || list.length !== 1 || typeof list[0] !== "string") return null
  return pattern.exec(list[0])?.[1] ?? null
}
