/** How far from the end of a file its comments are looked for: bundlers write them last, but an embedded map follows. */
const KEYS = ["//# sourceMappingURL=", "//@ sourceMappingURL="]
const DEBUG_ID = "//# debugId="
const UUID = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})/i
/** Longer addresses nobody has; an embedded map is not one. */
const MAX_REFERENCE_CHARS = 2048

/** What a minified file says of its map: an address, or that it stands in the file itself. */
export type MapReference = { url: string } | "embedded" | null

/** The last such comment counts, as in browsers. */
export function mapReferenceIn(body: Buffer): MapReference {
  const at = Math.max(...KEYS.map((key) => lastAfter(body, key)))
  if (at < 0) return null
  if (
    body
      .subarray(at, at + 5)
      .toString("latin1")
      .toLowerCase() === "data:"
  )
    return "embedded"
  return mapReferenceOf(wordAt(body, at))
}

/** The same of a header. Query and fragment are of no use: uploaded files have none. */
export function mapReferenceOf(text: string): MapReference {
  const [url = ""] = text.trim().split(/[?#]/, 1)
  if (url.toLowerCase().startsWith("data:")) return "embedded"
  return url === "" ? null : { url }
}

/** The map that stands in the file itself, as its JSON; null when it is no map that can be read. */
export function embeddedMapIn(body: Buffer): Buffer | null {
  const at = Math.max(...KEYS.map((key) => lastAfter(body, key)))
  if (at < 0) return null
  const comma = body.indexOf(",", at)
  const head = body.subarray(at, comma).toString("latin1").toLowerCase()
  if (comma < 0 || !head.startsWith("data:") || head.length > 200) return null
  const text =
    body
      .subarray(comma + 1)
      .toString("latin1")
      .split(/\s/, 1)[0] ?? ""
  if (head.includes(";base64")) return Buffer.from(text, "base64")
  try {
    return Buffer.from(decodeURIComponent(text))
  } catch {
    return null
  }
}

export function debugIdIn(body: Buffer): string | null {
  const at = lastAfter(body, DEBUG_ID)
  return at < 0 ? null : canonicalDebugId(wordAt(body, at))
}

/** Lower case with dashes; null: not a UUID. */
export function canonicalDebugId(text: string): string | null {
  const [, ...parts] = UUID.exec(text.trim()) ?? []
  return parts.length === 0 ? null : parts.join("-").toLowerCase()
}

function lastAfter(body: Buffer, key: string): number {
  const at = body.lastIndexOf(key)
  return at < 0 ? -1 : at + key.length
}

function wordAt(body: Buffer, at: number): string {
  return (
    body
      .subarray(at, at + MAX_REFERENCE_CHARS)
      .toString()
      .split(/\s/, 1)[0] ?? ""
  )
}
