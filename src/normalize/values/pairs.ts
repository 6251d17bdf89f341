import type { Pair } from "../event.ts"
import { primitiveText } from "./coerce.ts"
import { jsonText } from "./json-text.ts"
import { isRecord } from "./read.ts"
import { type Remarks, refuse, remarkCut } from "./remarks.ts"
import { cleanText, cutText } from "./text.ts"

/** One [key, value] of a list of pairs, or of an object's members; the value is not looked at yet. */
export type RawPair = [key: unknown, value: unknown]

/** The pairs of an object or of a list of two-element lists; null entries and other shapes are left out. */
export function pairsOf(value: unknown, remarks: Remarks): RawPair[] | undefined {
  if (Array.isArray(value)) return pairsOfList(value, remarks)
  if (isRecord(value)) return Object.entries(value)
  return refuse(remarks, value, "expected an object or a list of pairs")
}

function pairsOfList(list: unknown[], remarks: Remarks): RawPair[] {
  const pairs: RawPair[] = []
  for (const entry of list) {
    if (Array.isArray(entry) && entry.length === 2) pairs.push([entry[0], entry[1]])
    else if (entry !== null) refuse(remarks, entry, "expected a tuple")
  }
  return pairs
}

/** Pairs of text within `maxCharacters` in all, undefined when none is left. Lists are joined, the rest is JSON. */
export function textPairs(
  pairs: RawPair[],
  maxCharacters: number,
  remarks: Remarks,
): Pair[] | undefined {
  const result: Pair[] = []
  let left = maxCharacters
  let isCut = false
  for (const [rawKey, rawValue] of pairs) {
    const key = primitiveText(rawKey)
    if (key === undefined || rawValue === undefined) continue
    const room = left - key.length
    if (room <= 0) {
      isCut = true
      break
    }
    const text = pairText(rawValue, room + 1)
    isCut ||= text.length > room
    const value = cleanText(cutText(text, room))
    result.push([cleanText(key), value])
    left = room - value.length
  }
  if (isCut) remarkCut(remarks, pairs.length)
  return result.length > 0 ? result : undefined
}

function pairText(value: unknown, limit: number): string {
  if (value === null) return ""
  if (Array.isArray(value)) {
    return value
      .slice(0, 50)
      .map((part) => primitiveText(part) ?? jsonText(part, limit))
      .join(",")
  }
  return primitiveText(value) ?? jsonText(value, limit)
}

/** "a=1&b=2" with form decoding. */
export function formPairs(text: string): RawPair[] {
  return text
    .split("&", 1000)
    .filter((part) => part !== "")
    .map((part) => {
      const [key, value] = splitAt(part, "=")
      return [formDecoded(key), formDecoded(value)]
    })
}

/** "a=1; b=2", not decoded: cookies have no common encoding. */
export function cookiePairs(text: string): RawPair[] {
  return text
    .split(";", 1000)
    .map((part) => splitAt(part.trim(), "="))
    .filter(([key]) => key !== "")
}

export function splitAt(text: string, separator: string): [head: string, tail: string] {
  const index = text.indexOf(separator)
  return index === -1 ? [text, ""] : [text.slice(0, index), text.slice(index + separator.length)]
}

function formDecoded(text: string): string {
  const spaced = text.includes("+") ? text.replaceAll("+", " ") : text
  if (!spaced.includes("%")) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    return spaced
  }
}
