import type { Sql, Tx } from "#platform/db.ts"
import {
  type DictionaryEntry,
  decodeTagDeltas,
  type KeyCount,
  keyOf,
  type TagDelta,
  valueKeyOf,
} from "./tag-deltas.ts"
import {
  findFoldTargets,
  findTagValues,
  recordTagDictionary,
  recordTagKeys,
  recordTagValues,
  takeTagDeltas,
  updateTagKeys,
} from "./tag-fold-store.ts"

/** Distinct values kept per issue and key; events with further ones are counted as "other". */
export const MAX_VALUES = 500
/** Rows of tag_deltas per transaction: some 10,000 events. */
const ROWS_PER_FOLD = 50

/**
 * Moves what the batches appended to tag_deltas into the tag tables, a chunk per transaction, until nothing is left or
 * the signal says stop. Returns the number of rows folded.
 */
export async function foldTags(sql: Sql, signal: AbortSignal): Promise<number> {
  let folded = 0
  while (!signal.aborted) {
    const rows = await sql.begin(foldChunk)
    folded += rows
    if (rows < ROWS_PER_FOLD) break
  }
  return folded
}

async function foldChunk(tx: Tx): Promise<number> {
  const rows = await takeTagDeltas(tx, ROWS_PER_FOLD)
  if (rows.length === 0) return 0
  const deltas = await redirected(tx, summed(rows.flatMap((row) => decodeTagDeltas(row.deltas))))
  if (deltas.length === 0) return rows.length

  // Locks the row of each issue and key, so that the number of its values holds until the end.
  const distinct = await recordTagKeys(tx, countKeys(deltas))
  const known = await findTagValues(tx, deltas)
  const { kept, other } = keepWithinCap(deltas, known, distinct)
  await recordTagValues(tx, kept)
  await updateTagKeys(tx, countNewValues(kept, known), other)
  await recordTagDictionary(tx, dictionaryOf(kept))
  return rows.length
}

function summed(deltas: TagDelta[]): TagDelta[] {
  const sums = new Map<string, TagDelta>()
  for (const delta of deltas) {
    const sum = sums.get(valueKeyOf(delta))
    if (!sum) sums.set(valueKeyOf(delta), { ...delta })
    else {
      sum.events += delta.events
      sum.firstSeen = Math.min(sum.firstSeen, delta.firstSeen)
      sum.lastSeen = Math.max(sum.lastSeen, delta.lastSeen)
    }
  }
  return [...sums.values()]
}

/** Issues may have been merged or deleted since: counts follow the merge and end with the deletion. */
async function redirected(tx: Tx, deltas: TagDelta[]): Promise<TagDelta[]> {
  const targets = await findFoldTargets(tx, deltas)
  let isMoved = false
  const moved = deltas.flatMap((delta) => {
    const issueId = targets.get(`${delta.projectId}/${delta.issueId}`)
    isMoved ||= issueId !== delta.issueId
    return issueId ? [{ ...delta, issueId }] : []
  })
  return isMoved ? summed(moved) : moved
}

function countKeys(deltas: TagDelta[]): KeyCount[] {
  const counts = new Map<string, KeyCount>()
  for (const delta of deltas) {
    const count = counts.get(keyOf(delta))
    if (count) count.events += delta.events
    else {
      const { projectId, issueId, key, events } = delta
      counts.set(keyOf(delta), { projectId, issueId, key, events })
    }
  }
  return [...counts.values()]
}

/** The most frequent new values take the room that is left under the cap. */
function keepWithinCap(deltas: TagDelta[], known: Set<string>, distinct: Map<string, number>) {
  const room = new Map([...distinct].map(([key, values]) => [key, MAX_VALUES - values]))
  const kept: TagDelta[] = []
  const other = new Map<string, KeyCount>()
  for (const delta of deltas.toSorted((a, b) => b.events - a.events)) {
    const key = keyOf(delta)
    const left = room.get(key) ?? 0
    if (known.has(valueKeyOf(delta))) kept.push(delta)
    else if (left > 0) {
      room.set(key, left - 1)
      kept.push(delta)
    } else {
      const { projectId, issueId, events } = delta
      const sum = other.get(key)
      if (sum) sum.events += events
      else other.set(key, { projectId, issueId, key: delta.key, events })
    }
  }
  return { kept, other }
}

function countNewValues(kept: TagDelta[], known: Set<string>): Map<string, KeyCount> {
  const counts = new Map<string, KeyCount>()
  for (const delta of kept) {
    if (known.has(valueKeyOf(delta))) continue
    const count = counts.get(keyOf(delta))
    if (count) count.events++
    else {
      const { projectId, issueId, key } = delta
      counts.set(keyOf(delta), { projectId, issueId, key, events: 1 })
    }
  }
  return counts
}

function dictionaryOf(deltas: TagDelta[]): DictionaryEntry[] {
  const entries = new Map<string, DictionaryEntry>()
  for (const { projectId, key, value, lastSeen } of deltas) {
    const id = `${projectId}/${key}=${value}`
    const entry = entries.get(id)
    if (!entry) entries.set(id, { projectId, key, value, lastSeen })
    else entry.lastSeen = Math.max(entry.lastSeen, lastSeen)
  }
  return [...entries.values()]
}
