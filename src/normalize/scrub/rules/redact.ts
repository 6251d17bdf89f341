import { createHmac } from "node:crypto"
import type { MetaRemark } from "../../meta.ts"
import { FILTERED } from "../patterns.ts"
import type { Method } from "./rule.ts"
import type { Span } from "./shapes.ts"

/** A piece of a text; with a remark: already redacted, and not to be looked at again. */
export type Chunk = { text: string; remark?: Remark }
type Remark = Pick<MetaRemark, "rule" | "type">

export type Redaction = { rule: string; method: Method; text: string; hashKey: string }

const REMARK_TYPES = { replace: "s", remove: "x", mask: "m", hash: "p" } as const
const HASH_CHARACTERS = 40

/** The same text always gives the same hash; without the key nobody can try out whose it is. */
export function redacted(secret: string, { rule, method, text, hashKey }: Redaction): Chunk {
  const remark = { rule, type: REMARK_TYPES[method] }
  switch (method) {
    case "replace":
      return { text, remark }
    case "remove":
      return { text: "", remark }
    case "mask":
      return { text: "*".repeat(secret.length), remark }
    case "hash": {
      const hash = createHmac("sha256", hashKey).update(secret).digest("hex")
      return { text: hash.slice(0, HASH_CHARACTERS).toUpperCase(), remark }
    }
  }
}

export function filtered(rule: string): Chunk {
  return { text: FILTERED, remark: { rule, type: "s" } }
}

/** The text cut at the spans, what lies within them redacted. Of spans that overlap the first wins. */
export function cutOut(text: string, spans: readonly Span[], redaction: Redaction): Chunk[] {
  const chunks: Chunk[] = []
  let at = 0
  for (const { start, end } of spans) {
    if (start < at || end <= start) continue
    if (start > at) chunks.push({ text: text.slice(at, start) })
    chunks.push(redacted(text.slice(start, end), redaction))
    at = end
  }
  if (at < text.length) chunks.push({ text: text.slice(at) })
  return chunks
}

/** The chunks as one text, and what was done to which part of it. */
export function joined(chunks: readonly Chunk[]): { text: string; remarks: MetaRemark[] } {
  const remarks: MetaRemark[] = []
  let text = ""
  for (const chunk of chunks) {
    const start = text.length
    text += chunk.text
    if (chunk.remark) remarks.push({ ...chunk.remark, range: [start, text.length] })
  }
  return { text, remarks }
}
