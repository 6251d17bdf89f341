import zlib from "node:zlib"

/** What one batch adds to the tags of one issue. Times are milliseconds since 1970. */
export type TagDelta = {
  projectId: string
  issueId: string
  key: string
  value: string
  events: number
  firstSeen: number
  lastSeen: number
}

/** Events of one key on one issue, whatever the value. */
export type KeyCount = { projectId: string; issueId: string; key: string; events: number }

/** When the dictionary of a project's tags met a value. */
export type DictionaryEntry = { projectId: string; key: string; value: string; lastSeen: number }

/** Names an issue's key, or its value, in a map. */
export const keyOf = (of: { projectId: string; issueId: string; key: string }) =>
  `${of.projectId}/${of.issueId}/${of.key}`
export const valueKeyOf = (of: TagDelta) => `${keyOf(of)}=${of.value}`

/** A batch's row is far smaller; a damaged one must not fill the memory. */
const MAX_BYTES = 256 * 1024 * 1024

type ValueTuple = [value: string, events: number, firstSeen: number, lastSeen: number]
type KeyTuple = [key: string, values: ValueTuple[]]
type IssueTuple = [projectId: string, issueId: string, keys: KeyTuple[]]

/** Tag counts of a batch while they are collected: issue -> key -> value. */
export type TagDeltas = Map<string, Map<string, Map<string, ValueTuple>>>

export function addTags(
  deltas: TagDeltas,
  event: {
    projectId: string
    issueId: string
    occurredAt: number
    tags: readonly (readonly [string, string])[]
  },
): void {
  const keys = entryOf(deltas, `${event.projectId}/${event.issueId}`)
  for (const [key, value] of event.tags) {
    const values = entryOf(keys, key)
    const counted = values.get(value)
    if (!counted) values.set(value, [value, 1, event.occurredAt, event.occurredAt])
    else {
      counted[1]++
      if (event.occurredAt < counted[2]) counted[2] = event.occurredAt
      if (event.occurredAt > counted[3]) counted[3] = event.occurredAt
    }
  }
}

function entryOf<K, V>(map: Map<string, Map<K, V>>, key: string): Map<K, V> {
  const known = map.get(key)
  if (known) return known
  const made = new Map<K, V>()
  map.set(key, made)
  return made
}

/** zstd of nested JSON arrays: each name is written once. */
export function encodeTagDeltas(deltas: TagDeltas): Uint8Array {
  const issues: IssueTuple[] = [...deltas].map(([issue, keys]) => {
    const [projectId = "", issueId = ""] = issue.split("/")
    return [projectId, issueId, [...keys].map(([key, values]) => [key, [...values.values()]])]
  })
  return Bun.zstdCompressSync(JSON.stringify(issues), { level: 1 })
}

export function decodeTagDeltas(bytes: Uint8Array): TagDelta[] {
  const issues: IssueTuple[] = JSON.parse(
    zlib.zstdDecompressSync(bytes, { maxOutputLength: MAX_BYTES }).toString(),
  )
  return issues.flatMap(([projectId, issueId, keys]) =>
    keys.flatMap(([key, values]) =>
      values.map(([value, events, firstSeen, lastSeen]) => ({
        projectId,
        issueId,
        key,
        value,
        events,
        firstSeen,
        lastSeen,
      })),
    ),
  )
}
