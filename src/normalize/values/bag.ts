import { jsonText } from "./json-text.ts"
import { isRecord, membersBefore, type Reader } from "./read.ts"
import { nameUnder, type Remarks, refuse, remarkCut } from "./remarks.ts"
import { cleanText, headOf } from "./text.ts"

/** What a number, a boolean or null is taken to cost, and what quotes and separators add to a string. */
const SCALAR_COST = 6
const STRING_COST = 3
const MAX_KEY_CHARACTERS = 200

/** How much free-form data a field may hold: characters of its JSON (roughly) and levels of nesting. */
export type BagSize = { characters: number; depth: number }
export const smallBag: BagSize = { characters: 1024, depth: 3 }
export const mediumBag: BagSize = { characters: 2048, depth: 5 }
export const largeBag: BagSize = { characters: 8192, depth: 7 }
export const largerBag: BagSize = { characters: 16_384, depth: 7 }
export const massiveBag: BagSize = { characters: 262_144, depth: 7 }

type Budget = { left: number; remarks: Remarks }

/** An object of any shape within `size`; [] counts as {}, and an empty one is absent. */
export function bag(size: BagSize): Reader<Record<string, unknown>> {
  return (value, remarks) => {
    if (Array.isArray(value) && value.length === 0) return undefined
    if (!isRecord(value)) return refuse(remarks, value, "expected an object")
    const result = trimTo(value, size, remarks) as Record<string, unknown>
    for (const _ in result) return result
    return undefined
  }
}

/** Any JSON value within `size`. */
export function anything(size: BagSize): Reader<unknown> {
  return (value, remarks) => trimTo(value, size, remarks)
}

/**
 * Walks in key order; when the characters are used up the rest is left out, and what is nested too deep becomes its
 * JSON text. Returns the value itself when nothing had to change.
 */
export function trimTo(value: unknown, size: BagSize, remarks: Remarks): unknown {
  return trimValue(value, size.depth, { left: size.characters, remarks })
}

function trimValue(value: unknown, depth: number, budget: Budget): unknown {
  if (typeof value === "string") return trimString(value, budget)
  if (typeof value !== "object" || value === null) {
    budget.left -= SCALAR_COST
    // 1e999 is Infinity after JSON.parse and null after JSON.stringify: say so now.
    return typeof value === "number" && !Number.isFinite(value) ? null : value
  }
  budget.left -= 2
  if (depth <= 1) return flatten(value, budget)
  return Array.isArray(value)
    ? trimList(value, depth, budget)
    : trimObject(value as Record<string, unknown>, depth, budget)
}

function trimString(value: string, budget: Budget): string {
  const room = budget.left - STRING_COST
  budget.left = room - value.length
  if (value.length <= room) return cleanText(value)
  const kept = room <= 3 ? "" : cleanText(headOf(value, room - 3))
  remarkCut(budget.remarks, value.length, [kept.length, kept.length + 3])
  return `${kept}...`
}

function flatten(value: object, budget: Budget): unknown {
  for (const _ in value) {
    const limit = Math.max(3, budget.left)
    const text = jsonText(value, limit)
    budget.left -= text.length
    if (text.length >= limit) remarkCut(budget.remarks, membersOf(value))
    return text
  }
  return value
}

function trimList(list: unknown[], depth: number, budget: Budget): unknown[] {
  let copy: unknown[] | null = null
  let before = budget.remarks.length
  for (let index = 0; index < list.length; index++) {
    if (budget.left <= 0) {
      remarkCut(budget.remarks, list.length)
      return copy ?? list.slice(0, index)
    }
    const result = trimValue(list[index], depth - 1, budget)
    before = nameUnder(budget.remarks, before, index)
    if (copy === null && result !== list[index]) copy = list.slice(0, index)
    if (copy !== null) copy.push(result)
  }
  return copy ?? list
}

function trimObject(
  object: Record<string, unknown>,
  depth: number,
  budget: Budget,
): Record<string, unknown> {
  let copy: Record<string, unknown> | null = null
  let before = budget.remarks.length
  for (const key in object) {
    if (budget.left <= 0) {
      remarkCut(budget.remarks, membersOf(object))
      return copy ?? membersBefore(object, key)
    }
    budget.left -= key.length + STRING_COST
    const name = keyOf(key)
    const result = name === null ? undefined : trimValue(object[key], depth - 1, budget)
    before = nameUnder(budget.remarks, before, key)
    if (copy === null && (name !== key || result !== object[key])) copy = membersBefore(object, key)
    if (copy !== null && name !== null) copy[name] = result
  }
  return copy ?? object
}

function membersOf(value: object): number {
  return Array.isArray(value) ? value.length : Object.keys(value).length
}

/** null for the one name that assignment would turn into the object's prototype. */
function keyOf(key: string): string | null {
  if (key === "__proto__") return null
  return key.length <= MAX_KEY_CHARACTERS
    ? cleanKey(key)
    : cleanKey(headOf(key, MAX_KEY_CHARACTERS))
}

function cleanKey(key: string): string | null {
  const clean = cleanText(key)
  return clean === "__proto__" ? null : clean
}
