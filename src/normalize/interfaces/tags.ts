import type { Pair } from "../event.ts"
import { primitiveText } from "../values/coerce.ts"
import { pairsOf } from "../values/pairs.ts"
import type { Reader } from "../values/read.ts"
import { type Remarks, remark } from "../values/remarks.ts"
import { cleanText, hasLineBreak, isLongerThan } from "../values/text.ts"

export const MAX_TAG_CHARACTERS = 200
const MAX_TAGS = 200
const KEY = /^[A-Za-z0-9_.:-]{1,200}$/
/** Attributes of the event under other names, which the server alone may write. */
const RESERVED = new Set(["release", "dist", "user", "filename", "function"])

/** Tags as a list of pairs, first of a key wins; what cannot be indexed as it is, is dropped rather than cut. */
export const tags: Reader<Pair[]> = (value, remarks) => {
  const result: Pair[] = []
  const seen = new Set<string>()
  for (const [rawKey, rawValue] of pairsOf(value, remarks) ?? []) {
    if (rawValue === null || rawValue === undefined || rawKey === null) continue
    if (result.length >= MAX_TAGS) {
      remark(remarks, "value_too_long", { reason: `the first ${MAX_TAGS} tags are kept` })
      break
    }
    const pair = tagOf(rawKey, rawValue, remarks)
    if (!pair || seen.has(pair[0])) continue
    seen.add(pair[0])
    result.push(pair)
  }
  return result.length > 0 ? result : undefined
}

function tagOf(rawKey: unknown, rawValue: unknown, remarks: Remarks): Pair | undefined {
  const key = tagKey(rawKey)
  if (key === undefined) {
    return remark(remarks, "invalid_data", { value: rawKey, reason: "not a tag key" })
  }
  if (RESERVED.has(key) || key.startsWith("sentry:")) return undefined
  const text = primitiveText(rawValue)
  if (text === undefined) {
    return remark(remarks, "invalid_data", { name: key, reason: "expected a primitive value" })
  }
  const value = cleanText(text).trim()
  if (isLongerThan(value, MAX_TAG_CHARACTERS)) {
    const reason = `more than ${MAX_TAG_CHARACTERS} characters`
    return remark(remarks, "value_too_long", { name: key, reason })
  }
  if (value === "" || hasLineBreak(value)) {
    const reason = value === "" ? "expected a non-empty value" : "contains a line break"
    return remark(remarks, "invalid_data", { name: key, reason })
  }
  return [key, value]
}

function tagKey(raw: unknown): string | undefined {
  const text = primitiveText(raw)
  if (text === undefined || text.length > 400) return undefined
  const key = text.includes(" ") ? text.replaceAll(" ", "-") : text
  return KEY.test(key) && key !== "__proto__" ? key : undefined
}
