const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
export const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d

export type JsonLimits = { maxDepth: number; maxMembers: number }

export type JsonFault = "too_deep" | "too_many_members" | "not_json"

const decoder = new TextDecoder()

/**
 * Parses the JSON of an event. Depth and member count are measured over the bytes first, because the parser and
 * everything after it pay dearly for hostile nesting (100,000 brackets cost a second). Tolerant where old clients
 * need it: a byte order mark, bytes that are not UTF-8 (replaced), and bare NaN or Infinity.
 */
export function parseJson(
  bytes: Uint8Array,
  limits: JsonLimits,
): { value: unknown } | { fault: JsonFault } {
  const fault = measureJson(bytes, limits)
  if (fault) return { fault }
  const parsed = tryParse(bytes)
  if (parsed) return parsed
  const repaired = withoutBareNumbers(bytes)
  return (repaired && tryParse(repaired)) ?? { fault: "not_json" }
}

/**
 * The same JSON with whole numbers as text that a double cannot hold: 64-bit ids would come out as somebody else's.
 * Takes seven times as long, so it is for those who met such a number where it matters. Undefined when it is not JSON.
 */
export function parseExactly(bytes: Uint8Array): unknown {
  const exact = (_key: string, value: unknown, context?: { source?: string }) =>
    isInexact(value) ? (context?.source ?? value) : value
  try {
    return JSON.parse(decoder.decode(bytes), exact)
  } catch {
    return undefined
  }
}

/** A whole number whose last digits were lost. */
export function isInexact(value: unknown): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value)
}

export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

/** Null when the text stays within the limits. Says nothing about whether it is JSON. */
export function measureJson(bytes: Uint8Array, limits: JsonLimits): JsonFault | null {
  let depth = 0
  let members = 0
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]
    if (byte === QUOTE) i = endOfString(bytes, i)
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (++depth > limits.maxDepth) return "too_deep"
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--
    else if (byte === COMMA) members++
  }
  return members > limits.maxMembers ? "too_many_members" : null
}

/**
 * Where the object that starts at `start` ends (the index behind its closing brace); -1 when it does not end within
 * `maxBytes`. A byte scan, so that a header may be followed by anything.
 */
export function endOfObject(bytes: Uint8Array, start: number, maxBytes: number): number {
  let depth = 0
  const stop = Math.min(bytes.length, start + maxBytes)
  for (let i = start; i < stop; i++) {
    const byte = bytes[i]
    if (byte === QUOTE) i = endOfString(bytes, i)
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      if (--depth === 0) return i + 1
    }
  }
  return -1
}

/** The index of the closing quote of the string that opens at `start`, or the length when it never closes. */
function endOfString(bytes: Uint8Array, start: number): number {
  for (let i = start + 1; i < bytes.length; i++) {
    const byte = bytes[i]
    if (byte === QUOTE) return i
    if (byte === BACKSLASH) i++
  }
  return bytes.length
}

function tryParse(bytes: Uint8Array): { value: unknown } | null {
  try {
    return { value: JSON.parse(decoder.decode(bytes)) }
  } catch {
    return null
  }
}

/** Each of the same length as its token, so that the bytes are overwritten where they stand. */
const BARE_NUMBERS = [
  ["-Infinity", "null     "],
  ["Infinity", "null    "],
  ["NaN", "0  "],
].map(([token = "", substitute = ""]) => ({
  token: Buffer.from(token),
  substitute: Buffer.from(substitute),
}))

/** Python's json module writes these outside of strings by default. Null when there are none. */
function withoutBareNumbers(bytes: Uint8Array): Uint8Array | null {
  let repaired: Buffer | null = null
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]
    if (byte === QUOTE) i = endOfString(bytes, i)
    else if (byte === 0x4e || byte === 0x49 || byte === 0x2d) {
      const match = BARE_NUMBERS.find(({ token }) => startsWith(bytes, i, token))
      if (!match) continue
      repaired ??= Buffer.from(bytes)
      repaired.set(match.substitute, i)
      i += match.token.length - 1
    }
  }
  return repaired
}

function startsWith(bytes: Uint8Array, at: number, token: Uint8Array): boolean {
  return token.every((byte, offset) => bytes[at + offset] === byte)
}

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]

/** How many bytes of a UTF-8 byte order mark the text opens with. */
export function byteOrderMarkBytes(bytes: Uint8Array): number {
  return BYTE_ORDER_MARK.every((byte, i) => bytes[i] === byte) ? BYTE_ORDER_MARK.length : 0
}

/** Space, tab, line feed, carriage return: what JSON allows between its parts. */
export function skipBlanks(bytes: Uint8Array, start: number): number {
  let i = start
  while (i < bytes.length && isBlank(bytes[i])) i++
  return i
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}
