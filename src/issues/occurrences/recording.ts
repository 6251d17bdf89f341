import type { Tx } from "#platform/db.ts"
import { wakeTouched } from "../status/waking.ts"
import { assignIssues, type Hashes, keyOf, resolveHashes } from "./hashes.ts"
import {
  ConcurrentChange,
  type IssueNews,
  MAX_USERS_COUNTED,
  type Occurrence,
  type Place,
} from "./occurrence.ts"
import { regressIssues } from "./regression.ts"
import { surplusOf } from "./sampling.ts"
import {
  insertIssues,
  lockIssues,
  recordIssueHours,
  recordIssueTexts,
  recordIssueUsers,
  takeShortIds,
  updateHashIssues,
  updateIssueCounters,
} from "./store.ts"
import { newTally, type TouchedIssue } from "./tally.ts"

type Recorded = {
  places: Place[]
  news: IssueNews[]
  /** Of noisy issues: those that say nothing which others do not say as well. */
  findSurplus: () => ReadonlySet<Occurrence>
}

/**
 * Counts the occurrences of one batch on their issues and makes the issues that are missing. Every statement works on
 * the whole batch and takes its rows in the order of their keys, so that concurrent batches never wait in a circle.
 * `places` runs parallel to `occurrences`.
 */
export async function recordOccurrences(
  tx: Tx,
  occurrences: readonly Occurrence[],
): Promise<Recorded> {
  if (occurrences.length === 0) return { places: [], news: [], findSurplus: () => new Set() }
  const hashes = await resolveHashes(tx, occurrences)
  const { refs, placed } = assignIssues(occurrences, hashes)
  const made = refs.filter((ref) => ref.isNew)
  const known = refs.filter((ref) => !ref.isNew)

  if (made.length > 0) await makeIssues(tx, made)
  await attachHashes(tx, hashes)
  const before = await lockKnown(tx, known)
  const newUsers = await recordUsers(tx, refs, before)
  await recordIssueHours(tx, refs)
  await updateIssueCounters(tx, known, before, newUsers)
  await recordIssueTexts(tx, textsToWrite(refs, before))
  const regressions = await regressIssues(tx, known, before)
  const returned = await wakeTouched(tx, known, before, newUsers)

  const places = placed.map(
    (place) => place && { issueId: place.ref.issueId, hashId: place.hash.id },
  )
  const news = [...made.map(newsOfNew), ...regressions, ...returned]
  return { places, news, findSurplus: () => surplusOf(refs, before, news) }
}

/** Where occurrences belong that are counted elsewhere already: finds or makes their issues, which count nothing yet. */
export async function placeOccurrences(
  tx: Tx,
  occurrences: readonly Occurrence[],
): Promise<Place[]> {
  if (occurrences.length === 0) return []
  const hashes = await resolveHashes(tx, occurrences)
  const { refs, placed } = assignIssues(occurrences, hashes)
  const made = refs.filter((ref) => ref.isNew)
  for (const ref of made) ref.tally = newTally(ref.tally.latest)
  if (made.length > 0) await makeIssues(tx, made)
  await attachHashes(tx, hashes)
  await recordIssueTexts(tx, textsToWrite(made, new Map()))
  return placed.map((place) => place && { issueId: place.ref.issueId, hashId: place.hash.id })
}

/** One issue that counts nothing yet and has no hash, named after an occurrence; returns its id. */
export async function makeEmptyIssue(tx: Tx, occurrence: Occurrence): Promise<string> {
  const { projectId } = occurrence
  const ref = { projectId, issueId: "", isNew: true, tally: newTally(occurrence) }
  await makeIssues(tx, [ref])
  await recordIssueTexts(tx, textsToWrite([ref], new Map()))
  return ref.issueId
}

async function makeIssues(tx: Tx, made: TouchedIssue[]): Promise<void> {
  const lastTaken = await takeShortIds(tx, countByProject(made))
  const next = new Map<string, bigint>()
  for (const [projectId, { count, last }] of lastTaken) {
    next.set(projectId, BigInt(last) - BigInt(count) + 1n)
  }
  const drafts = made.map((ref) => {
    const shortId = next.get(ref.projectId) ?? 1n
    next.set(ref.projectId, shortId + 1n)
    return { ref, shortId: shortId.toString() }
  })
  const ids = await insertIssues(tx, drafts)
  for (const { ref, shortId } of drafts) {
    const id = ids.get(keyOf(ref.projectId, shortId))
    if (!id) throw new Error("an issue was not inserted")
    ref.issueId = id
  }
}

function countByProject(refs: readonly TouchedIssue[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { projectId } of refs) counts.set(projectId, (counts.get(projectId) ?? 0) + 1)
  return counts
}

async function attachHashes(tx: Tx, hashes: Hashes): Promise<void> {
  const attached = [...hashes.values()].flatMap(({ isAttached, ref, projectId, hash }) =>
    isAttached && ref ? [{ projectId, hash, issueId: ref.issueId }] : [],
  )
  if (attached.length > 0) await updateHashIssues(tx, attached)
}

/** Merged or deleted since its hash was read: the hash leads elsewhere by now. */
async function lockKnown(tx: Tx, known: TouchedIssue[]) {
  const rows = await lockIssues(tx, known)
  const before = new Map(rows.map((row) => [row.id, row]))
  if (known.some((ref) => !before.has(ref.issueId))) throw new ConcurrentChange("issue is gone")
  return before
}

/** Returns how many users each known issue meets for the first time. */
async function recordUsers(
  tx: Tx,
  refs: TouchedIssue[],
  before: Map<string, { usersSeen: number }>,
) {
  const rows = refs.flatMap((ref) => {
    const isFull = (before.get(ref.issueId)?.usersSeen ?? 0) >= MAX_USERS_COUNTED
    return isFull
      ? []
      : [...ref.tally.users].map((userHash) => ({
          projectId: ref.projectId,
          issueId: ref.issueId,
          userHash,
        }))
  })
  return rows.length === 0 ? new Map<string, number>() : recordIssueUsers(tx, rows)
}

function textsToWrite(
  refs: TouchedIssue[],
  before: Map<string, { title: string; culprit: string }>,
) {
  return refs.flatMap(({ projectId, issueId, tally }) => {
    const old = before.get(issueId)
    const { title, culprit, searchText } = tally.latest
    const isSame = old && old.title === title && old.culprit === culprit
    return isSame ? [] : [{ projectId, issueId, searchText }]
  })
}

function newsOfNew({ projectId, issueId, tally }: TouchedIssue): IssueNews {
  return { projectId, issueId, eventId: tally.first.eventId, trigger: "new", activityId: "" }
}
