import type { Tx } from "#platform/db.ts"
import { ConcurrentChange, type Occurrence } from "./occurrence.ts"
import { findHashes, type HashRow, recordHashes } from "./store.ts"
import { addToTally, newTally, type TouchedIssue } from "./tally.ts"

/** A hash of the batch and the issue it leads to, known or about to be made. */
export type Hash = HashRow & { ref: TouchedIssue | null; isAttached: boolean }
export type Hashes = Map<string, Hash>

export const keyOf = (projectId: string, hash: string) => `${projectId}/${hash}`

/**
 * The rows of all hashes. What leads to no issue yet is inserted and locked, then read again: whoever comes second
 * waits for the lock and then sees the first one's issue.
 */
export async function resolveHashes(tx: Tx, occurrences: readonly Occurrence[]): Promise<Hashes> {
  const wanted = new Map<string, { projectId: string; hash: string }>()
  for (const { projectId, hashes } of occurrences) {
    for (const hash of hashes) wanted.set(keyOf(projectId, hash), { projectId, hash })
  }
  const found = new Map<string, HashRow>()
  const take = (rows: HashRow[]) => {
    for (const row of rows) found.set(keyOf(row.projectId, row.hash), row)
  }
  take(await findHashes(tx, [...wanted.values()]))
  const open = [...wanted.values()].filter(({ projectId, hash }) => {
    const row = found.get(keyOf(projectId, hash))
    return !row?.issueId && !row?.isDiscarded
  })
  if (open.length > 0) take(await recordHashes(tx, open))
  // Its deletion came between the two statements: a new try makes it anew.
  if (found.size < wanted.size) throw new ConcurrentChange("hash is gone")
  return new Map([...found].map(([key, row]) => [key, { ...row, ref: null, isAttached: false }]))
}

/** The first hash with an issue decides, unless a discarded one comes before it; the others join that issue. */
export function assignIssues(occurrences: readonly Occurrence[], hashes: Hashes) {
  const refs = new Map<string, TouchedIssue>()
  const refOf = (occurrence: Occurrence, hash: Hash | undefined): TouchedIssue => {
    if (hash?.ref) return hash.ref
    const issueId = hash?.issueId ?? ""
    const key = issueId ? keyOf(occurrence.projectId, issueId) : `new ${refs.size}`
    const existing = refs.get(key)
    if (existing) return existing
    const { projectId } = occurrence
    const ref = { projectId, issueId, isNew: issueId === "", tally: newTally(occurrence) }
    refs.set(key, ref)
    return ref
  }

  const placed = occurrences.map((occurrence) => {
    const own = occurrence.hashes.flatMap(
      (hash) => hashes.get(keyOf(occurrence.projectId, hash)) ?? [],
    )
    const decisive = own.find((hash) => hash.isDiscarded || hash.issueId || hash.ref)
    if (decisive?.isDiscarded) return null
    const ref = refOf(occurrence, decisive)
    for (const hash of own) {
      if (hash.isDiscarded || hash.issueId || hash.ref) continue
      hash.ref = ref
      hash.isAttached = true
    }
    addToTally(ref.tally, occurrence)
    const hash = decisive ?? own[0]
    if (!hash) throw new Error("an occurrence needs at least one hash")
    return { ref, hash }
  })
  return { refs: sortRefs([...refs.values()]), placed }
}

/** By project and id; new ones keep the order in which they came, which becomes the order of their short ids. */
function sortRefs(refs: TouchedIssue[]): TouchedIssue[] {
  return refs.sort(
    (a, b) => compareIds(a.projectId, b.projectId) || compareIds(a.issueId, b.issueId),
  )
}

/** Decimal ids as text, in numeric order. */
function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)
}
