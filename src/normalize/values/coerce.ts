import { jsonText } from "./json-text.ts"
import type { Reader } from "./read.ts"
import { type Remarks, refuse, remarkCut } from "./remarks.ts"
import { charactersOf, charactersUpTo, cleanText, isLongerThan } from "./text.ts"

/** Above this a double no longer tells neighbouring integers apart, so that printing one would invent an id. */
const EXACT_NUMBERS = 2 ** 53

/** A string of at most `max` characters; up to `allowance` more are let pass, beyond that it is cut to `max`. */
export function text(max: number, allowance = 0): Reader<string> {
  return (value, remarks) => {
    if (typeof value !== "string") return refuse(remarks, value, "expected a string")
    return bounded(value, max, allowance, remarks)
  }
}

/** As `text`, and numbers and booleans are spelled out (booleans as Python does: most senders were Python). */
export function lenientText(max: number, allowance = 0): Reader<string> {
  return (value, remarks) => {
    const spelled = primitiveText(value)
    if (spelled === undefined) return refuse(remarks, value, "expected a primitive value")
    return bounded(spelled, max, allowance, remarks)
  }
}

/** As `text`, and anything else becomes its JSON text. */
export function jsonOrText(max: number, allowance = 0): Reader<string> {
  return (value, remarks) => {
    const spelled = typeof value === "string" ? value : jsonText(value, max + allowance + 1)
    return bounded(spelled, max, allowance, remarks)
  }
}

/** The reader's text without surrounding blanks; empty is absent. */
export function trimmed(read: Reader<string>): Reader<string> {
  return (value, remarks) => {
    const result = read(value, remarks)
    return result === undefined ? undefined : result.trim() || undefined
  }
}

/** The reader's text; empty is absent. */
export function nonEmpty(read: Reader<string>): Reader<string> {
  return (value, remarks) => read(value, remarks) || undefined
}

/** Text for a string, number or boolean; undefined for anything else and for numbers that would lie. */
export function primitiveText(value: unknown): string | undefined {
  if (typeof value === "string") return value
  if (typeof value === "boolean") return value ? "True" : "False"
  if (typeof value !== "number" || !(Math.abs(value) < EXACT_NUMBERS)) return undefined
  return String(Math.trunc(value) + 0)
}

export const bool: Reader<boolean> = (value, remarks) =>
  typeof value === "boolean" ? value : refuse(remarks, value, "expected a boolean")

/** A whole number from 0 that a double holds exactly. */
export const unsigned: Reader<number> = (value, remarks) =>
  typeof value === "number" && value >= 0 && Number.isSafeInteger(value)
    ? value
    : refuse(remarks, value, "expected an unsigned integer")

export const integer: Reader<number> = (value, remarks) =>
  Number.isSafeInteger(value) ? (value as number) : refuse(remarks, value, "expected an integer")

/** An id that SDKs send as a number or as text. */
export const idText: Reader<string | number> = (value, remarks) => {
  if (typeof value === "string") return bounded(value, 256, 0, remarks)
  return Number.isFinite(value)
    ? (value as number)
    : refuse(remarks, value, "expected a string or a number")
}

const HEX_ADDRESS = /^0x[0-9a-f]{1,16}$/
const DECIMAL_ADDRESS = /^[0-9]{1,20}$/

/** A memory address: "0x…" in lower case, whatever it was written as. */
export const address: Reader<string> = (value, remarks) => {
  if (typeof value === "string") {
    if (HEX_ADDRESS.test(value)) return value
    const lower = value.length <= 18 ? value.toLowerCase() : ""
    if (HEX_ADDRESS.test(lower)) return lower
    if (DECIMAL_ADDRESS.test(value)) return `0x${BigInt(value).toString(16)}`
  } else if (typeof value === "number" && value >= 0 && Number.isSafeInteger(value)) {
    return `0x${value.toString(16)}`
  }
  return refuse(remarks, value, "expected an address")
}

function bounded(value: string, max: number, allowance: number, remarks: Remarks): string {
  if (!isLongerThan(value, max + allowance)) return cleanText(value)
  remarkCut(remarks, charactersOf(value), [max - 3, max])
  return `${charactersUpTo(cleanText(value), max - 3)}...`
}
