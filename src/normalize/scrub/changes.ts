import type { NormalizedEvent } from "../event.ts"

/** A value that scrubbing changed. `after` undefined: it is gone. */
export type Change = { path: (string | number)[]; before: unknown; after: unknown }

/**
 * What differs between an event and the same after scrubbing, which shares all that it left alone: only what changed is
 * looked at. Paths are those of `after`.
 */
export function listChanges(before: unknown, after: unknown): Change[] {
  const changes: Change[] = []
  compare(before, after, [], changes)
  return changes
}

function compare(before: unknown, after: unknown, path: Change["path"], changes: Change[]): void {
  if (before === after) return
  if (Array.isArray(before) && Array.isArray(after)) compareLists(before, after, path, changes)
  else if (isObject(before) && isObject(after)) {
    for (const name in before) {
      if (before[name] === after[name] || name === "_meta") continue
      compare(before[name], after[name], [...path, name], changes)
    }
  } else changes.push({ path, before, after })
}

function compareLists(
  before: unknown[],
  after: unknown[],
  path: Change["path"],
  changes: Change[],
): void {
  let index = 0
  for (const [at, element] of before.entries()) {
    if (element === after[index]) {
      index++
      continue
    }
    const missing = before.length - at > after.length - index
    if (missing && !hasSameName(element, after[index])) {
      const name = nameOf(element)
      const value = name === undefined ? element : (element as unknown[])[1]
      changes.push({ path: [...path, name ?? at], before: value, after: undefined })
      continue
    }
    compare(element, after[index], [...path, index], changes)
    index++
  }
}

/** The same header with another value is not missing. */
function hasSameName(one: unknown, other: unknown): boolean {
  return nameOf(one) !== undefined && nameOf(one) === nameOf(other)
}

function nameOf(element: unknown): string | undefined {
  const [name]: unknown[] = Array.isArray(element) ? element : []
  return typeof name === "string" ? name : undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

const LISTS_OF_PAIRS = new Set(["query_string", "cookies", "headers"])

/** What stands before the value when the path leads to that of a pair, as in `tags.0.1`; null: it does not. */
export function pairName({ tags, request }: NormalizedEvent, path: Change["path"]): string | null {
  const [first, second] = path
  const isPair = path.at(-1) === 1
  if (isPair && first === "tags") return tags?.[Number(second)]?.[0] ?? null
  if (!isPair || first !== "request" || !LISTS_OF_PAIRS.has(String(second))) return null
  return request?.[second as "headers"]?.[Number(path[2])]?.[0] ?? null
}
