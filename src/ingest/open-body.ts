import { bodyEncoding, decodeBody, type EncodingFault } from "#protocol/encoding.ts"
import type { HeavyFault, HeavyLane } from "./heavy-lane.ts"
import { type RateLimit, type Refusal, refuse, refuseFor } from "./refusal.ts"

/** Up to here a body is unpacked where it arrives: it takes a few milliseconds. */
export const LIGHT_BYTES = 4 * 1024 * 1024

/** The plain bytes of a request's body, and the layers of compression it wears. */
export async function openBody(
  { contentEncoding, body }: { contentEncoding: string | null; body: Uint8Array },
  maxBytes: number,
  heavyLane: HeavyLane,
): Promise<{ bytes: Uint8Array; encoding: string[] } | Refusal> {
  if (body.length === 0) return refuse("empty_body")
  const encoding = bodyEncoding(contentEncoding, body)
  if (encoding === "broken") return refuse("broken_body", "too many content encodings")
  if (encoding === "unsupported_encoding") return refuse("unsupported_encoding")
  const decoded = await unpack(body, encoding, maxBytes, heavyLane)
  if ("fault" in decoded) return refusalFor(decoded.fault)
  return decoded.bytes.length === 0 ? refuse("empty_body") : { bytes: decoded.bytes, encoding }
}

async function unpack(
  body: Uint8Array,
  encoding: string[],
  maxBytes: number,
  heavyLane: HeavyLane,
): Promise<{ bytes: Uint8Array } | { fault: EncodingFault | HeavyFault }> {
  const isPlain = encoding.length === 0
  const light = decodeBody(body, encoding, isPlain ? maxBytes : Math.min(maxBytes, LIGHT_BYTES))
  const isHeavy = "fault" in light && light.fault === "too_large" && !isPlain
  return isHeavy && maxBytes > LIGHT_BYTES ? heavyLane.decode(body, encoding, maxBytes) : light
}

function refusalFor(fault: EncodingFault | HeavyFault): Refusal {
  switch (fault) {
    case "too_large":
      return refuse("too_large")
    case "broken":
      return refuse("broken_body")
    case "unsupported_encoding":
      return refuse("unsupported_encoding")
    case "busy":
      return refuseFor(TOO_MANY_LARGE)
  }
}

/** Said to the key alone: it is one client that sends so many large bodies at once. */
const TOO_MANY_LARGE: RateLimit = {
  retryAfterSeconds: 10,
  categories: [],
  scope: "key",
  reason: "too_many_large_bodies",
}
