import type { ProcessingError } from "../event.ts"
import { LIMIT_RULE, type Meta, MetaNotes, type MetaRemark } from "../meta.ts"
import { jsonText } from "./json-text.ts"
import { cleanText, headOf } from "./text.ts"

/** Enough to explain an event; a hostile one could otherwise make more remarks than content. */
const MAX_ERRORS = 100
const MAX_CUTS = 300
const MAX_VALUE_CHARACTERS = 120

/** What happened to one value. Its path is completed by `nameUnder` on the way up. */
type Remark = {
  /** In the event as it came. */
  name: string
  /** In the event as it is stored. */
  path: (string | number)[]
  what: Omit<ProcessingError, "name"> | { cut: Cut }
}
/** Cut to a limit: the length that a text, a list or an object had, and where a text ends now in dots. */
type Cut = { length: number; range?: [start: number, end: number] }

export type Remarks = Remark[]

/** Notes that a value was dropped or corrected, as a processing error of the event. */
export function remark(
  remarks: Remarks,
  type: ProcessingError["type"],
  detail: { name?: string; value?: unknown; reason?: string } = {},
): undefined {
  if (isFull(remarks, false, MAX_ERRORS)) return
  const { name = "", value, reason } = detail
  const what: Omit<ProcessingError, "name"> = { type }
  const text = shown(value)
  if (text !== undefined) what.value = text
  if (reason !== undefined) what.reason = reason
  remarks.push({ name, path: name === "" ? [] : [name], what })
}

/** Notes a value of the wrong kind; returns undefined so that a reader can end with it. */
export function refuse(remarks: Remarks, value: unknown, reason: string): undefined {
  return remark(remarks, "invalid_data", { value, reason })
}

/** Notes a member that means nothing where it stands. */
export function unknownAttribute(name: string, member: unknown, remarks: Remarks): undefined {
  if (member === null) return
  return remark(remarks, "invalid_attribute", { name: cleanText(headOf(name, 64)) })
}

/** Notes that of a value only a part was kept: no error, every SDK sends too much at times. */
export function remarkCut(
  remarks: Remarks,
  length: number,
  range?: [start: number, end: number],
): void {
  if (isFull(remarks, true, MAX_CUTS)) return
  remarks.push({ name: "", path: [], what: { cut: { length, ...(range && { range }) } } })
}

/** Each kind has room of its own: a hundred cut variables must not hide the one error. */
function isFull(remarks: Remarks, ofCuts: boolean, max: number): boolean {
  if (remarks.length < max) return false
  return remarks.filter(({ what }) => "cut" in what === ofCuts).length >= max
}

/**
 * Puts `key` before the paths of all remarks made since there were `from`: paths cost nothing while all is well.
 * Returns how many there are now.
 */
export function nameUnder(remarks: Remarks, from: number, key: string | number): number {
  for (let index = from; index < remarks.length; index++) {
    const each = remarks[index]
    if (!each) continue
    each.name = each.name === "" ? String(key) : `${key}.${each.name}`
    each.path.unshift(key)
  }
  return remarks.length
}

/** The same for an element of a list: it came as element `from` and is kept as element `to`; null: it is not kept. */
export function nameElement(
  remarks: Remarks,
  since: number,
  { from, to }: { from: number; to: number | null },
): void {
  nameUnder(remarks, since, from)
  if (from === to) return
  for (let index = since; index < remarks.length; index++) {
    const each = remarks[index]
    if (!each) continue
    if (to === null) each.path = []
    else each.path[0] = to
  }
}

export function processingErrors(remarks: Remarks): ProcessingError[] {
  return remarks.flatMap(({ name, what }) => ("cut" in what ? [] : [{ name, ...what }]))
}

/** What the event's `_meta` says of them, after what it said before. */
export function metaOf(remarks: Remarks, earlier: Meta | undefined): Meta | undefined {
  const notes = new MetaNotes(earlier)
  for (const { path, what } of remarks) {
    if ("cut" in what) notes.note(path, limitRemark(what.cut), what.cut.length)
    else notes.error(path, what.type, what.reason)
  }
  return notes.tree()
}

function limitRemark({ range }: Cut): MetaRemark {
  return range ? { rule: LIMIT_RULE, type: "s", range } : { rule: LIMIT_RULE, type: "x" }
}

function shown(value: unknown): ProcessingError["value"] {
  if (value === undefined || value === null) return undefined
  if (typeof value === "boolean") return value
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined
  return jsonText(value, MAX_VALUE_CHARACTERS)
}
