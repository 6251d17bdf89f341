import type { App } from "#app.ts"
import { listEventsOfDay, type RewritableEvent } from "#events/rewrite-store.ts"
import type { ProjectRules } from "#grouping/rules/project-rules.ts"
import { listStaying } from "#issues/moving/move-store.ts"
import { ConcurrentChange } from "#issues/occurrences/occurrence.ts"
import { placeOccurrences } from "#issues/occurrences/recording.ts"
import { partitionedTables } from "#migrations.ts"
import type { NormalizedEvent } from "#normalize/event.ts"
import type { Sql, Tx } from "#platform/db.ts"
import { listPartitions } from "#platform/partitions.ts"
import { changedPayload, type DecidedEvent, decideEvent, storedEvent } from "./decide-event.ts"
import { type Flow, type Move, moveEvents } from "./move-events.ts"
import { mapInTurns } from "./turns.ts"

/** Events that are opened, decided and written together. */
const ROWS = 500
/** Of one chunk, while somebody merges and deletes its issues. */
const MAX_TRIES = 5

type Position = { day: string; event: string }

export type Rewriting = {
  projectId: string
  organizationId: string
  rules: ProjectRules
  /** What is to be decided in the place of what is stored, in the same order: symbolicated anew, for one. */
  change?: (events: readonly NormalizedEvent[]) => Promise<readonly NormalizedEvent[]>
  /** Events that `change` gave back themselves stay as they are, whatever rules say by now. */
  onlyChanged?: boolean
  /** Where an earlier try got to. */
  from: Position | null
  /** Told in the transaction of each chunk; `renamed` are issues with events of other frames or another title than before. */
  onChunk: (
    tx: Tx,
    done: { lookedAt: number; changed: number; flows: Flow[]; renamed: string[] } & Position,
  ) => Promise<void>
}

/**
 * Decides all stored events of a project anew, the newest day first: their frames, fingerprint, title, hashes and issue become what a new
 * event would get. The caller finishes with the issues that lost events.
 */
export async function rewriteEvents(
  { sql }: Pick<App, "sql">,
  rewriting: Rewriting,
  signal: AbortSignal,
): Promise<void> {
  await walkEvents(sql, rewriting, signal, (read) => rewriteRows(sql, rewriting, read))
}

type Read = () => Promise<readonly RewritableEvent[]>

/** All stored events of a project, some at a time, the newest day first. `work` answers with the last of them; undefined: there were none. */
export async function walkEvents(
  sql: Sql,
  { projectId, from }: Pick<Rewriting, "projectId" | "from">,
  signal: AbortSignal,
  work: (read: Read) => Promise<RewritableEvent | undefined>,
): Promise<void> {
  for (const day of await eventDays(sql)) {
    if (from && day > from.day) continue
    let after = from?.day === day ? from.event : null
    while (true) {
      signal.throwIfAborted()
      const behind = { projectId, day, after }
      const last = await work(() => listEventsOfDay(sql, behind, ROWS))
      if (!last) break
      after = last.eventId
    }
  }
}

/** Days that have events, the newest first. */
export async function eventDays(sql: Sql): Promise<string[]> {
  const partitions = await listPartitions(sql, [partitionedTables.events])
  return partitions
    .map(({ day }) => day)
    .sort()
    .reverse()
}

/** The same for some events, in one transaction; returns the last of them. They are read again when somebody moves them meanwhile. */
export async function rewriteRows(
  sql: Sql,
  rewriting: Rewriting,
  read: Read,
): Promise<RewritableEvent | undefined> {
  for (let tries = 1; ; tries++) {
    const rows = await read()
    if (rows.length === 0) return undefined
    const decided = await decideRows(rewriting, rows)
    try {
      await sql.begin((tx) => placeDecided(tx, rewriting, { rows, decided }))
      return rows.at(-1)
    } catch (error) {
      if (!(error instanceof ConcurrentChange) || tries === MAX_TRIES) throw error
    }
  }
}

/** What they become; nothing is written. */
export async function decideRows(
  rewriting: Omit<Rewriting, "from" | "onChunk">,
  rows: readonly RewritableEvent[],
): Promise<Decided[]> {
  const stored = await mapInTurns(rows, storedEvent)
  const given = rewriting.change ? await rewriting.change(stored) : stored
  const all = rows.map((row, at) => ({ row, before: stored[at], given: given[at] }))
  const pairs = rewriting.onlyChanged ? all.filter(({ before, given }) => before !== given) : all
  return mapInTurns(pairs, ({ row, before, given: event }): Decided => {
    if (!before || !event) throw new Error("an event is missing from those that were changed")
    const decision = decideEvent(row, event, rewriting)
    return { ...decision, payload: changedPayload(before, decision.event) }
  })
}

type Decided = DecidedEvent & { payload: Uint8Array | null }

async function placeDecided(
  tx: Tx,
  rewriting: Rewriting,
  { rows, decided }: { rows: readonly RewritableEvent[]; decided: readonly Decided[] },
): Promise<void> {
  const ids = [...new Set(rows.map(({ issueId }) => issueId))]
  const staying = await listStaying(tx, rewriting.projectId, ids)
  // Placing the event of a deleted issue would make a new one that nothing comes to.
  const open = decided.filter(({ row }) => staying.has(row.issueId))
  const places = await placeOccurrences(
    tx,
    open.map(({ occurrence }) => occurrence),
  )
  const moves = open.flatMap(({ row, tags, occurrence, payload }, at): Move[] => {
    const place = places[at]
    if (!place || (place.issueId === row.issueId && payload === null)) return []
    const { issueId: into, hashId: intoHash } = place
    return [{ row, tags, into, intoHash, title: occurrence.title, payload }]
  })
  const { flows, stayed } = await moveEvents(tx, moves)
  if (stayed > 0) throw new ConcurrentChange("somebody else moves these events")
  const last = rows.at(-1)
  const position = { day: last?.receivedDay ?? "", event: last?.eventId ?? "" }
  const renamed = moves.flatMap(({ row, into, title, payload }) =>
    payload === null && title === row.title ? [] : [into],
  )
  const done = { lookedAt: rows.length, changed: moves.length, flows, renamed, ...position }
  await rewriting.onChunk(tx, done)
}
