/** a annotated, x removed, s substituted, m masked, p replaced by a hash, e encrypted. */
type RemarkType = "a" | "x" | "s" | "m" | "p" | "e"
export type MetaRemark = {
  /** What did it: the id of a scrubbing rule, or `LIMIT_RULE`. */
  rule: string
  type: RemarkType
  /** Which characters of the value that is stored now it is about; the whole value without it. */
  range?: readonly [start: number, end: number]
}
export type MetaPath = readonly (string | number)[]

type Rem = [rule: string, type: RemarkType, start?: number, end?: number]
type Err = string | [type: string, detail: { reason?: string }]
/** What happened to one value: remarks, errors, its length (characters, elements or members) before it was cut. */
export type MetaNote = { rem?: Rem[]; err?: Err[]; len?: number }
/** Sentry's `_meta`: as nested as the event; the note on a value stands under the empty name. */
export type Meta = { [key: string]: Meta | MetaNote }

/** The rule of what is too long, too many or too deep. */
export const LIMIT_RULE = "!limit"

/** Enough to explain an event; a hostile one must not grow by what is said of it. */
const MAX_NOTES = 500
const MAX_DEPTH = 24
const MAX_KEY_CHARACTERS = 200
const MAX_REMARKS_OF_VALUE = 20

/**
 * Collects what was done to the values of an event, each named by its path in the event as it is stored. Begins with
 * the notes that are there already, which it does not change. Beyond 500 notes it is silent.
 */
export class MetaNotes {
  readonly #tree: Meta
  #count = 0

  constructor(earlier?: Meta) {
    this.#tree = earlier ? structuredClone(earlier) : {}
    this.#count = earlier ? countNotes(earlier) : 0
  }

  /** `originalLength` is that of the value before: characters of a text, elements of a list, members of an object. */
  note(path: MetaPath, { rule, type, range }: MetaRemark, originalLength?: number): void {
    const note = this.#noteAt(path)
    if (!note) return
    note.rem = appended(note.rem, range ? [rule, type, range[0], range[1]] : [rule, type])
    if (originalLength !== undefined) note.len ??= originalLength
  }

  /** A value that could not be used as it came: `type` is that of the event's processing error. */
  error(path: MetaPath, type: string, reason?: string): void {
    const note = this.#noteAt(path)
    if (note) note.err = appended(note.err, reason === undefined ? type : [type, { reason }])
  }

  /** What is to be stored as the event's `_meta`: undefined when there is nothing to tell. */
  tree(): Meta | undefined {
    return this.#count > 0 ? this.#tree : undefined
  }

  #noteAt(path: MetaPath): MetaNote | undefined {
    if (path.length > MAX_DEPTH || this.#count >= MAX_NOTES) return undefined
    // One would be a prototype, the other is where notes stand.
    if (path.includes("__proto__") || path.includes("")) return undefined
    let at = this.#tree
    for (const key of path) at = childMade(at, String(key))
    const known = noteOf(at)
    if (known) return known
    this.#count++
    const note: MetaNote = {}
    at[""] = note
    return note
  }
}

function childMade(parent: Meta, key: string): Meta {
  const known = metaAt(parent, key)
  if (known) return known
  const child: Meta = {}
  parent[key.slice(0, MAX_KEY_CHARACTERS)] = child
  return child
}

function appended<T>(list: T[] | undefined, element: T): T[] {
  if (!list) return [element]
  if (list.length < MAX_REMARKS_OF_VALUE) list.push(element)
  return list
}

function countNotes(meta: Meta): number {
  let count = 0
  for (const key in meta) count += key === "" ? 1 : countNotes(meta[key] as Meta)
  return count
}

/** The part of `_meta` that is about a member or an element. */
export function metaAt(meta: Meta | undefined, ...path: MetaPath): Meta | undefined {
  let at = meta
  for (const key of path) {
    const name = String(key).slice(0, MAX_KEY_CHARACTERS)
    if (!at || name === "" || !Object.hasOwn(at, name)) return undefined
    at = at[name] as Meta
  }
  return at
}

/** The note on the value itself that `meta` is about. */
export function noteOf(meta: Meta | undefined): MetaNote | undefined {
  return meta && Object.hasOwn(meta, "") ? (meta[""] as MetaNote) : undefined
}

/** A client's `_meta`, of any shape, as far as it makes sense. Original values in it are left out: nothing scrubs them. */
export function readMeta(value: unknown): Meta | undefined {
  const budget = { left: MAX_NOTES }
  return readTree(value, 0, budget)
}

function readTree(value: unknown, depth: number, budget: { left: number }): Meta | undefined {
  if (!isObject(value) || depth > MAX_DEPTH) return undefined
  const tree: Meta = {}
  let isEmpty = true
  for (const key in value) {
    if (budget.left <= 0) break
    if (key === "__proto__" || key.length > MAX_KEY_CHARACTERS || !key.isWellFormed()) continue
    const member = key === "" ? readNote(value[key]) : readTree(value[key], depth + 1, budget)
    if (member === undefined) continue
    if (key === "") budget.left--
    tree[key.replaceAll("\0", "")] = member
    isEmpty = false
  }
  return isEmpty ? undefined : tree
}

function readNote(value: unknown): MetaNote | undefined {
  if (!isObject(value)) return undefined
  const rem = listed(value.rem, readRem)
  const err = listed(value.err, readErr)
  const len = isCount(value.len) ? value.len : undefined
  if (!rem && !err && len === undefined) return undefined
  return { ...(rem && { rem }), ...(err && { err }), ...(len !== undefined && { len }) }
}

function listed<T>(value: unknown, read: (element: unknown) => T | undefined): T[] | undefined {
  if (!Array.isArray(value)) return undefined
  const list: T[] = []
  for (const element of value.slice(0, MAX_REMARKS_OF_VALUE)) {
    const member = read(element)
    if (member !== undefined) list.push(member)
  }
  return list.length > 0 ? list : undefined
}

function readRem(value: unknown): Rem | undefined {
  if (!Array.isArray(value)) return undefined
  const [rule, type, start, end] = value as unknown[]
  if (!isShort(rule) || !isRemarkType(type)) return undefined
  return isCount(start) && isCount(end) ? [rule, type, start, end] : [rule, type]
}

function readErr(value: unknown): Err | undefined {
  if (isShort(value)) return value
  if (!Array.isArray(value) || !isShort(value[0])) return undefined
  const reason: unknown = isObject(value[1]) ? value[1].reason : undefined
  return isShort(reason) ? [value[0], { reason }] : value[0]
}

function isRemarkType(value: unknown): value is RemarkType {
  return typeof value === "string" && value.length === 1 && "axsmpe".includes(value)
}

function isShort(value: unknown): value is string {
  return (
    typeof value === "string" &&
    value !== "" &&
    value.length <= 200 &&
    value.isWellFormed() &&
    !value.includes("\0")
  )
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
