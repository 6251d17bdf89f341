import { nameElement, nameUnder, type Remarks, refuse, remarkCut } from "./remarks.ts"

/**
 * Makes a field regular: the value itself when it is fine, a corrected one, or undefined (with a remark) when
 * nothing can be made of it. Never gets null: null is absent everywhere.
 */
export type Reader<T> = (value: unknown, remarks: Remarks) => T | undefined

type Fields<T> = { [K in keyof T]-?: Reader<NonNullable<T[K]>> }
/** Older spellings, each with the canonical one; earlier ones win over later ones, the canonical over all. */
type Aliases<T> = Record<string, keyof T & string>

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

export function isEmpty(object: object): boolean {
  for (const _ in object) return false
  return true
}

/**
 * Reads an object by a table of fields; members that the table does not name are left out. Copies only from the
 * first difference on: most objects of a well-behaved SDK are returned as they came. Since only known names are ever
 * written, a member called `__proto__` cannot do harm. PHP writes an empty object as [].
 */
export function record<T extends object>(
  fields: Fields<T>,
  aliases?: Aliases<T>,
  onUnknown: OnUnknown = ignore,
): RecordReader<T> {
  const table = tableOf(fields, aliases)
  const read: Reader<T> = (value, remarks) => {
    if (!isRecord(value)) {
      if (Array.isArray(value) && value.length === 0) return undefined
      return refuse(remarks, value, "expected an object")
    }
    return readMembers(value, table, remarks, onUnknown) as T
  }
  return Object.assign(read, { names: [...table.keys()] })
}

/** Told of members that the table does not name; they are left out. */
type OnUnknown = (name: string, member: unknown, remarks: Remarks) => undefined
const ignore: OnUnknown = () => undefined

/** `names` are all spellings it understands. */
type RecordReader<T> = Reader<T> & { names: string[] }

type Entry = { to: string; read: Reader<unknown>; outranked: string[] | null }

function tableOf<T extends object>(fields: Fields<T>, aliases?: Aliases<T>): Map<string, Entry> {
  const readers = fields as Record<string, Reader<unknown>>
  const table = new Map<string, Entry>()
  for (const name in readers) {
    const read = readers[name]
    if (read) table.set(name, { to: name, read, outranked: null })
  }
  for (const alias in aliases) {
    const to = aliases[alias]
    const entry = to && table.get(to)
    if (!entry) continue
    const earlier = [...table].filter(([, other]) => other.to === to).map(([name]) => name)
    table.set(alias, { to, read: entry.read, outranked: earlier })
  }
  return table
}

function readMembers(
  value: Record<string, unknown>,
  table: Map<string, Entry>,
  remarks: Remarks,
  onUnknown: OnUnknown,
): Record<string, unknown> {
  let copy: Record<string, unknown> | null = null
  for (const key in value) {
    const member = value[key]
    const entry = table.get(key) ?? onUnknown(key, member, remarks)
    if (entry === undefined || member === null || isOutranked(entry, value)) {
      copy ??= membersBefore(value, key)
      continue
    }
    const before = remarks.length
    const result = entry.read(member, remarks)
    if (remarks.length > before) nameUnder(remarks, before, entry.to)
    if (copy === null && result === member && entry.outranked === null) continue
    copy ??= membersBefore(value, key)
    if (result !== undefined) copy[entry.to] = result
  }
  return copy ?? value
}

function isOutranked(entry: Entry, owner: Record<string, unknown>): boolean {
  if (entry.outranked === null) return false
  return entry.outranked.some((name) => Object.hasOwn(owner, name) && owner[name] !== null)
}

/** A copy of the members that come before `end`, all known to be harmless. */
export function membersBefore(
  value: Record<string, unknown>,
  end: string,
): Record<string, unknown> {
  const copy: Record<string, unknown> = {}
  for (const key in value) {
    if (key === end) break
    copy[key] = value[key]
  }
  return copy
}

/** The reader's object, or nothing when it has no members. */
export function filled<T extends object>(read: Reader<T>): Reader<T> {
  return (value, remarks) => {
    const result = read(value, remarks)
    return result === undefined || isEmpty(result) ? undefined : result
  }
}

/** Which end of a list that is too long is kept. */
type ListLimit = { max: number; keep: "first" | "last" }

/** Reads a list; null and refused elements are left out. Copies only when something changes. */
export function listOf<T>(read: Reader<T>, limit: ListLimit): Reader<T[]> {
  return (value, remarks) => {
    if (!Array.isArray(value)) return refuse(remarks, value, "expected a list")
    return readElements(withinLimit(value, limit, remarks), read, remarks)
  }
}

/** The three spellings of a list interface: `{values: [...]}`, a bare list, a single bare object. */
export function valuesOf<T>(read: Reader<T>, limit: ListLimit): Reader<{ values: T[] }> {
  return (value, remarks) => {
    const list = valueList(value)
    if (!list) return refuse(remarks, value, "expected a list or values object")
    const before = remarks.length
    const values = readElements(withinLimit(list, limit, remarks), read, remarks)
    if (remarks.length > before) nameUnder(remarks, before, "values")
    if (values.length === 0) return undefined
    const unchanged = isRecord(value) && values === value.values && hasOneMember(value)
    return unchanged ? (value as { values: T[] }) : { values }
  }
}

function valueList(value: unknown): unknown[] | null {
  if (Array.isArray(value)) return value
  if (!isRecord(value)) return null
  if (Array.isArray(value.values)) return value.values
  if (Object.hasOwn(value, "values") || isEmpty(value))
    return isRecord(value.values) ? [value.values] : []
  return [value]
}

function hasOneMember(value: object): boolean {
  let count = 0
  for (const _ in value) if (++count > 1) return false
  return true
}

function withinLimit(list: unknown[], limit: ListLimit, remarks: Remarks): unknown[] {
  if (list.length <= limit.max) return list
  remarkCut(remarks, list.length)
  return limit.keep === "first" ? list.slice(0, limit.max) : list.slice(-limit.max)
}

function readElements<T>(list: unknown[], read: Reader<T>, remarks: Remarks): T[] {
  let copy: T[] | null = null
  for (let index = 0; index < list.length; index++) {
    const element = list[index]
    const before = remarks.length
    const result = element === null ? undefined : read(element, remarks)
    if (copy === null && result !== element) copy = list.slice(0, index) as T[]
    if (remarks.length > before) {
      nameElement(remarks, before, { from: index, to: placeOf(result, copy?.length ?? index) })
    }
    if (copy !== null && result !== undefined) copy.push(result)
  }
  return copy ?? (list as T[])
}

function placeOf(result: unknown, index: number): number | null {
  return result === undefined ? null : index
}
