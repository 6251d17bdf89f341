import { isJsonObject, parseJson } from "./json.ts"

/** Browsers hold reports back and send some at once. */
const MAX_REPORTS = 100

/**
 * The reports of a body: one object, or the list that the Reporting API sends. Of a list only those of the given type count,
 * browsers mix them as they please. Null when it is neither, or beyond the limits.
 */
export function reportsIn(
  bytes: Uint8Array,
  type: "csp-violation" | "network-error",
  limits: { maxDepth: number; maxMembers: number },
): Record<string, unknown>[] | null {
  const parsed = parseJson(bytes, limits)
  if (!("value" in parsed)) return null
  if (isJsonObject(parsed.value)) return [parsed.value]
  if (!Array.isArray(parsed.value)) return null
  return parsed.value
    .filter(isJsonObject)
    .filter((report) => report.type === type)
    .slice(0, MAX_REPORTS)
}
