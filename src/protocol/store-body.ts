import { decodeBody } from "./encoding.ts"
import { byteOrderMarkBytes, OPEN_BRACE, skipBlanks } from "./json.ts"

export type StoreBodyFault = "not_json" | "too_large"

/** One character that is none of base64's settles it: a pattern of the whole text tried each of its blanks as the end. */
const NOT_BASE64 = /[^A-Za-z0-9+/_=\s-]/

/** base64 makes four characters of three bytes; zlib below it only makes it less. */
const TEXT_FACTOR = 1.5

/** What the body of an event of so many bytes may be, once it is unpacked. */
export function maxStoreBodyBytes(maxEventBytes: number): number {
  return Math.ceil(maxEventBytes * TEXT_FACTOR)
}

/**
 * The JSON text in the decoded body of a store request: plain, or as raven sent it, base64 over JSON or over
 * zlib-deflated JSON.
 */
export function storeJson(
  body: Uint8Array,
  maxBytes: number,
): { bytes: Uint8Array } | { fault: StoreBodyFault } {
  const start = skipBlanks(body, byteOrderMarkBytes(body))
  const plain = body.subarray(start)
  if (plain[0] === OPEN_BRACE) {
    return plain.length > maxBytes ? { fault: "too_large" } : { bytes: plain }
  }
  // Four characters for three bytes: what is longer than this cannot be within the limit.
  if (plain.length > maxBytes * 2) return { fault: "too_large" }
  const text = Buffer.from(plain.buffer, plain.byteOffset, plain.length).toString("latin1")
  if (NOT_BASE64.test(text)) return { fault: "not_json" }

  const decoded = Buffer.from(text, "base64")
  if (decoded[skipBlanks(decoded, 0)] === OPEN_BRACE) return { bytes: decoded }
  const inflated = decodeBody(decoded, ["deflate"], maxBytes)
  if ("bytes" in inflated) return inflated
  return { fault: inflated.fault === "too_large" ? "too_large" : "not_json" }
}
