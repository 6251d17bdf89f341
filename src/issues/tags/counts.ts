import type { TaggedEvent } from "./deltas.ts"

/** Times are milliseconds since 1970. */
export type ValueCount = {
  value: string
  events: number
  firstSeen: number
  lastSeen: number
  /** It has a row already. */
  isKnown: boolean
}

/** One key of one issue: events that carry it, and how often each value came. */
export type KeyCount = {
  projectId: string
  issueId: string
  key: string
  events: number
  values: Map<string, ValueCount>
  /** Some of its events are another issue's by now. */
  hasLeaving: boolean
}

/** A key with the values that get a row, and what becomes of the rest. */
export type KeptKey = {
  key: KeyCount
  values: ValueCount[]
  newValues: number
  /** Events whose values found no room. */
  otherEvents: number
}

/** When a project met a value of a key, for completion and wildcards. */
export type DictionaryEntry = { projectId: string; key: string; value: string; lastSeen: number }

/** Keys of an issue, by name. */
type IssueCounts = { projectId: string; issueId: string; keys: Map<string, KeyCount> }
/** By `PROJECT/ISSUE`. */
export type TagCounts = Map<string, IssueCounts>

export function addTags(counts: TagCounts, event: TaggedEvent): void {
  const { projectId, issueId, occurredAt, weight = 1 } = event
  const { keys } = counts.getOrInsertComputed(`${projectId}/${issueId}`, () => ({
    projectId,
    issueId,
    keys: new Map(),
  }))
  for (const [key, value] of event.tags) {
    let count = keys.get(key)
    if (!count) {
      count = { projectId, issueId, key, events: 0, values: new Map(), hasLeaving: false }
      keys.set(key, count)
    }
    count.events += weight
    if (weight < 0) count.hasLeaving = true
    addValue(count, value, occurredAt, weight)
  }
}

function addValue({ values }: KeyCount, value: string, at: number, weight: number): void {
  const count = values.get(value)
  if (!count) {
    values.set(value, { value, events: weight, firstSeen: at, lastSeen: at, isKnown: false })
    return
  }
  count.events += weight
  if (at < count.firstSeen) count.firstSeen = at
  if (at > count.lastSeen) count.lastSeen = at
}

export function keysOf(counts: TagCounts): KeyCount[] {
  return [...counts.values()].flatMap(({ keys }) => [...keys.values()])
}

export function keyIn(
  counts: TagCounts,
  of: { projectId: string; issueId: string; key: string },
): KeyCount | undefined {
  return counts.get(`${of.projectId}/${of.issueId}`)?.keys.get(of.key)
}
