import { isDataFault } from "#platform/data-fault.ts"
import type { Sql, Tx } from "#platform/db.ts"
import { messageOf } from "#platform/errors.ts"
import {
  addTags,
  type DictionaryEntry,
  type KeptKey,
  type KeyCount,
  keyIn,
  keysOf,
  type TagCounts,
  type ValueCount,
} from "./counts.ts"
import { decodeTagDeltas, type TaggedEvent } from "./deltas.ts"
import {
  deleteEmptyTagValues,
  findFoldTargets,
  findTagValues,
  listTagDeltaIds,
  recordTagDictionary,
  recordTagKeys,
  recordTagValues,
  takeTagDelta,
  takeTagDeltas,
  updateTagDeltaError,
  updateTagKeys,
} from "./fold-store.ts"

/** Distinct values kept per issue and key; events with further ones are counted as "other". */
export const MAX_VALUES = 500
/** Rows of tag_deltas per transaction: some 10,000 events. */
const ROWS_PER_FOLD = 50

export type SetAside = { id: string; error: string }

/**
 * Moves what the batches appended to tag_deltas into the tag tables, a chunk per transaction, until nothing is left or
 * the signal says stop. A row that cannot be folded is set aside, and told to `onSetAside`. Returns the number of rows folded.
 */
export async function foldTags(
  sql: Sql,
  signal: AbortSignal,
  onSetAside: (row: SetAside) => void = () => {},
): Promise<number> {
  let folded = 0
  while (!signal.aborted) {
    const { done, isLast } = await foldChunk(sql, signal, onSetAside)
    folded += done
    if (isLast) break
  }
  return folded
}

async function foldChunk(sql: Sql, signal: AbortSignal, onSetAside: (row: SetAside) => void) {
  try {
    const done = await sql.begin(async (tx) => fold(tx, await takeTagDeltas(tx, ROWS_PER_FOLD)))
    return { done, isLast: done < ROWS_PER_FOLD }
  } catch (error) {
    if (!isDataFault(error)) throw error
    return await foldOneByOne(sql, signal, onSetAside)
  }
}

/** Among the next rows is one that cannot be folded: it must not hold up the others for ever. */
async function foldOneByOne(sql: Sql, signal: AbortSignal, onSetAside: (row: SetAside) => void) {
  const ids = await listTagDeltaIds(sql, ROWS_PER_FOLD)
  let done = 0
  for (const id of ids) {
    if (signal.aborted) break
    try {
      done += await sql.begin(async (tx) => fold(tx, await takeTagDelta(tx, id)))
    } catch (error) {
      if (!isDataFault(error)) throw error
      await updateTagDeltaError(sql, id, messageOf(error))
      onSetAside({ id, error: messageOf(error) })
    }
  }
  return { done, isLast: ids.length < ROWS_PER_FOLD }
}

async function fold(tx: Tx, rows: readonly { deltas: Uint8Array }[]): Promise<number> {
  const counts = await sumUp(
    tx,
    rows.flatMap((row) => decodeTagDeltas(row.deltas)),
  )
  if (counts.size === 0) return rows.length

  const keys = keysOf(counts)
  // Locks the row of each issue and key, so that the number of its values holds until the end.
  const distinct = new Map<KeyCount, number>()
  for (const row of await recordTagKeys(tx, keys)) {
    const key = keyIn(counts, row)
    if (key) distinct.set(key, row.distinctValues)
  }
  for (const row of await findTagValues(tx, keys)) {
    const value = keyIn(counts, row)?.values.get(row.value)
    if (value) value.isKnown = true
  }
  const kept = keys.map((key) => keepWithinCap(key, distinct.get(key) ?? 0))
  await recordTagValues(tx, kept)
  await updateTagKeys(
    tx,
    kept.filter(({ newValues, otherEvents }) => newValues > 0 || otherEvents !== 0),
  )
  await deleteEmptyTagValues(
    tx,
    keys.filter(({ hasLeaving }) => hasLeaving),
  )
  await recordTagDictionary(tx, dictionaryOf(kept))
  return rows.length
}

/** Issues may have been merged or deleted since: counts follow the merge and end with the deletion. */
async function sumUp(tx: Tx, events: readonly TaggedEvent[]): Promise<TagCounts> {
  const counts: TagCounts = new Map()
  if (events.length === 0) return counts
  const targets = await findFoldTargets(tx, events)
  for (const event of events) {
    const issueId = targets.get(`${event.projectId}/${event.issueId}`)
    if (issueId) addTags(counts, issueId === event.issueId ? event : { ...event, issueId })
  }
  return counts
}

/** The most frequent new values take the room that is left under the cap. */
function keepWithinCap(key: KeyCount, distinctBefore: number): KeptKey {
  const room = Math.max(0, MAX_VALUES - distinctBefore)
  const values: ValueCount[] = []
  const fresh: ValueCount[] = []
  let otherEvents = 0
  for (const value of key.values.values()) {
    if (value.isKnown) values.push(value)
    else if (value.events > 0) fresh.push(value)
    // What leaves and has no row had been counted as "other".
    else otherEvents += value.events
  }
  if (fresh.length > room) {
    fresh.sort((a, b) => b.events - a.events)
    for (const value of fresh.splice(room)) otherEvents += value.events
  }
  values.push(...fresh)
  return { key, values, newValues: fresh.length, otherEvents }
}

function dictionaryOf(kept: readonly KeptKey[]): DictionaryEntry[] {
  const entries = new Map<string, DictionaryEntry>()
  for (const { key: count, values } of kept) {
    const { projectId, key } = count
    for (const { value, lastSeen } of values) {
      const entry = entries.getOrInsertComputed(`${projectId}/${key}=${value}`, () => ({
        projectId,
        key,
        value,
        lastSeen,
      }))
      if (lastSeen > entry.lastSeen) entry.lastSeen = lastSeen
    }
  }
  return [...entries.values()]
}
