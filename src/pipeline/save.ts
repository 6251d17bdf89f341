import { deleteBlobs } from "#attachments/delete-blobs.ts"
import { insertConsumed } from "#events/consumed-store.ts"
import { findStoredEvents, insertEvents } from "#events/store.ts"
import { ConcurrentChange, type IssueNews, type Place } from "#issues/occurrences/occurrence.ts"
import { recordOccurrences } from "#issues/occurrences/recording.ts"
import { insertTagDeltas } from "#issues/tags/fold-store.ts"
import type { Tx } from "#platform/db.ts"
import { updateChangeSeq } from "#projects/intake-store.ts"
import {
  type ReleaseSighting,
  recordReleaseHours,
  recordReleaseSightings,
} from "#releases/store.ts"
import { type OutcomeCount, recordOutcomes, summedOutcomes } from "#stats/outcome-store.ts"
import { bury } from "./bury.ts"
import { keepSkeletons } from "./keep-skeletons.ts"
import type { Line } from "./line.ts"
import { noteVerdicts, type Unstored } from "./note-verdicts.ts"
import type { Prepared, PreparedEvent } from "./prepare/prepared.ts"
import type { Resolved } from "./references.ts"
import { saveCompanions } from "./save-companions.ts"
import { releaseHoursOf, sightingsOf } from "./sightings.ts"

/** What a committed batch did. */
export type Saved = {
  /** One row a project, key, hour and verdict. */
  outcomes: OutcomeCount[]
  stored: (PreparedEvent & { issueId: string })[]
  news: IssueNews[]
  /** Messages that had had their effect before. */
  repeated: number
  dead: number
}

/**
 * The one transaction of a batch: everything in it happens once or not at all. `commit` runs last in it. Statements are
 * set-based and take their rows in the order of their keys; the order of the steps is the order of the locks.
 */
export async function save(
  line: Line,
  batch: readonly Prepared[],
  commit: (tx: Tx) => Promise<void>,
): Promise<Saved> {
  const { references } = line
  const learned: (() => void)[] = []
  const orphans: string[] = []
  const saved = await line.sql.begin(async (tx): Promise<Saved> => {
    const fresh = await takeFresh(tx, batch)
    const { events, endings, repeats } = await sortOutRepeats(tx, fresh)
    const ids = await references.resolve(tx, events)
    const named = events.map((event) => withIds(event, ids))
    const { places, news, findSurplus } = await recordOccurrences(tx, named)
    const stored = placed(named, places)
    const sightings = sightingsOf(references, stored)
    const links = await recordReleases(tx, stored, sightings.rows)
    if (line.isSampling()) keepSkeletons(stored, findSurplus())
    await storeEvents(tx, stored)

    const ends = events.map((event, index) => endOf(event, places[index] ?? null))
    const beside = await saveCompanions(tx, fresh, { events, ends })
    const outcomes = summedOutcomes([...endings, ...ends, ...beside.endings])
    await recordOutcomes(tx, outcomes)
    await insertTagDeltas(tx, stored)
    await bumpProjects(tx, stored)
    await bury(line, tx, fresh)
    await line.tasks.insert(tx, "evaluate-alerts", news)
    await line.tasks.insert(tx, "map-late-events", lateEvents(stored))
    await line.tasks.insert(tx, "settle-resolutions", links)
    await commit(tx)
    const unstored = events.flatMap((event, index) => fellOf(event, ends[index]))
    learned.push(ids.keep, sightings.keep, () => {
      noteVerdicts(line, fresh, [...repeats, ...unstored])
    })
    orphans.push(...beside.orphans)
    const dead = fresh.filter((prepared) => prepared.dead).length
    return { outcomes, stored, news, repeated: batch.length - fresh.length, dead }
  })
  for (const keep of learned) keep()
  await deleteBlobs(line, orphans)
  return saved
}

/** Returns the links of a release and a project that are new. */
async function recordReleases(tx: Tx, stored: readonly Stored[], seen: ReleaseSighting[]) {
  const links = seen.length > 0 ? await recordReleaseSightings(tx, seen) : []
  const hours = releaseHoursOf(stored)
  if (hours.length > 0) await recordReleaseHours(tx, hours)
  return links
}

type Stored = PreparedEvent & {
  issueId: string
  hashId: string
  environmentId: string
  releaseId: string | null
}

/** Messages that had their effect before, in an earlier delivery, end here without a trace. */
async function takeFresh(tx: Tx, batch: readonly Prepared[]): Promise<Prepared[]> {
  const unconsumed = await insertConsumed(
    tx,
    batch.map(({ record, receivedDay }) => ({ messageId: record.id, receivedDay })),
  )
  // A set: one delivery may carry a message twice.
  return batch.filter(({ record }) => unconsumed.delete(record.id))
}

/** Events that clients sent again are told apart from new ones; everything else about the messages is decided already. */
async function sortOutRepeats(tx: Tx, fresh: readonly Prepared[]) {
  const all = fresh.flatMap(({ event }) => event ?? [])
  const known = await findStoredEvents(tx, all)
  const events: PreparedEvent[] = []
  const repeats: Unstored[] = []
  const endings = fresh.flatMap(endingsOf)
  for (const event of all) {
    const key = `${event.projectId}/${event.eventId}`
    if (known.has(key)) {
      endings.push(ending(event, "invalid", "duplicate"))
      repeats.push({ event, outcome: "invalid", reason: "duplicate" })
    } else events.push(event)
    known.add(key)
  }
  return { events, endings, repeats }
}

function endingsOf({ endings, dead, projectId, keyId, receivedAt }: Prepared): OutcomeCount[] {
  const of = { projectId, keyId, receivedAt }
  if (!dead) return endings.map((end) => ({ ...of, ...end }))
  return Object.entries(dead.items).map(([category, quantity]) => ({
    ...of,
    category,
    outcome: "dead_lettered",
    reason: "",
    quantity,
  }))
}

function endOf(event: PreparedEvent, place: Place): OutcomeCount {
  return place ? ending(event, "accepted", "") : ending(event, "discarded", "discarded-hash")
}

function ending(event: PreparedEvent, outcome: string, reason: string): OutcomeCount {
  const { projectId, keyId, receivedAt, category } = event
  return { projectId, keyId, receivedAt, category, outcome, reason, quantity: 1 }
}

function fellOf(event: PreparedEvent, end: OutcomeCount | undefined): Unstored[] {
  if (!end || end.outcome === "accepted") return []
  return [{ event, outcome: end.outcome, reason: end.reason }]
}

/** A copy to be written to: the prepared event must be good for another try. */
function withIds(event: PreparedEvent, ids: Resolved): Stored {
  const environmentId = ids.environmentId(event)
  return { ...event, environmentId, releaseId: ids.releaseId(event), issueId: "", hashId: "" }
}

/** Those that found an issue. */
function placed(named: readonly Stored[], places: readonly Place[]): Stored[] {
  return named.filter((event, index) => {
    const place = places[index]
    if (!place) return false
    event.issueId = place.issueId
    event.hashId = place.hashId
    return true
  })
}

const DAY_MS = 86_400_000
/** Clients, and proxies between, send again within minutes. */
const NEAR_MIDNIGHT_MS = 3_600_000

const isNearMidnight = ({ receivedAt }: Stored) =>
  Math.min(receivedAt % DAY_MS, DAY_MS - (receivedAt % DAY_MS)) < NEAR_MIDNIGHT_MS

async function storeEvents(tx: Tx, stored: Stored[]): Promise<void> {
  // No unique key spans two days: now that the issues are locked, look again for what another batch stored meanwhile.
  const known = await findStoredEvents(tx, stored.filter(isNearMidnight))
  if (known.size > 0) throw new ConcurrentChange("event was stored on the other side of midnight")
  const inserted = await insertEvents(tx, stored)
  // The same event in another batch, at the same time: the second try finds it stored.
  if (inserted < stored.length) throw new ConcurrentChange("event was stored meanwhile")
}

/** By project and day. */
function lateEvents(stored: readonly Stored[]) {
  const late = Map.groupBy(
    stored.filter(({ isLate }) => isLate),
    ({ projectId, receivedDay }) => `${projectId} ${receivedDay}`,
  )
  return [...late.values()].map((events) => ({
    projectId: events[0]?.projectId ?? "",
    day: events[0]?.receivedDay ?? "",
    eventIds: events.map(({ eventId }) => eventId),
  }))
}

async function bumpProjects(tx: Tx, stored: readonly Stored[]): Promise<void> {
  const first = new Map<string, number>()
  for (const { projectId, receivedAt } of stored) {
    first.set(projectId, Math.min(first.get(projectId) ?? receivedAt, receivedAt))
  }
  if (first.size === 0) return
  const rows = [...first].map(([projectId, at]) => ({ projectId, firstEventAt: new Date(at) }))
  await updateChangeSeq(tx, rows)
}
