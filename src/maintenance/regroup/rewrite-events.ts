import type { App } from "#app.ts"
import { listEventsOfDay, type RewritableEvent } from "#events/rewrite-store.ts"
import type { ProjectRules } from "#grouping/rules/project-rules.ts"
import { placeOccurrences } from "#issues/occurrences/recording.ts"
import { partitionedTables } from "#migrations.ts"
import type { NormalizedEvent } from "#normalize/event.ts"
import type { Sql, Tx } from "#platform/db.ts"
import { listPartitions } from "#platform/partitions.ts"
import { changedPayload, decideEvent, storedEvent } from "./decide-event.ts"
import { type Flow, type Move, moveEvents } from "./move-events.ts"
import { mapInTurns } from "./turns.ts"

/** Events that are opened, decided and written together. */
const ROWS = 500

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
  const { projectId, from } = rewriting
  for (const day of await eventDays(sql)) {
    if (from && day > from.day) continue
    let after = from?.day === day ? from.event : null
    while (true) {
      signal.throwIfAborted()
      const rows = await listEventsOfDay(sql, { projectId, day, after }, ROWS)
      const last = rows.at(-1)
      if (!last) break
      await rewriteRows(sql, rewriting, rows)
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

/** The same for some events, in one transaction. */
export async function rewriteRows(
  sql: Sql,
  rewriting: Rewriting,
  rows: readonly RewritableEvent[],
): Promise<void> {
  const stored = await mapInTurns(rows, storedEvent)
  const given = rewriting.change ? await rewriting.change(stored) : stored
  const all = rows.map((row, at) => ({ row, before: stored[at], given: given[at] }))
  const pairs = rewriting.onlyChanged ? all.filter(({ before, given }) => before !== given) : all
  const decided = await mapInTurns(pairs, ({ row, before, given: event }) => {
    if (!before || !event) throw new Error("an event is missing from those that were changed")
    const decision = decideEvent(row, event, rewriting)
    return { ...decision, payload: changedPayload(before, decision.event) }
  })
  const last = rows.at(-1)
  await sql.begin(async (tx) => {
    const places = await placeOccurrences(
      tx,
      decided.map(({ occurrence }) => occurrence),
    )
    const moves = decided.flatMap(({ row, tags, occurrence, payload }, at): Move[] => {
      const place = places[at]
      if (!place || (place.issueId === row.issueId && payload === null)) return []
      const { issueId: into, hashId: intoHash } = place
      return [{ row, tags, into, intoHash, title: occurrence.title, payload }]
    })
    const flows = await moveEvents(tx, moves)
    const position = { day: last?.receivedDay ?? "", event: last?.eventId ?? "" }
    const renamed = moves.flatMap(({ row, into, title, payload }) =>
      payload === null && title === row.title ? [] : [into],
    )
    const done = { lookedAt: rows.length, changed: moves.length, flows, renamed, ...position }
    await rewriting.onChunk(tx, done)
  })
}
