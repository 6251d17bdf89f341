import { type EventMove, type RewritableEvent, updateEventsDecided } from "#events/rewrite-store.ts"
import { findHashIssues } from "#issues/moving/hash-store.ts"
import { lockMovable, recordMoves } from "#issues/moving/move-store.ts"
import type { Pair } from "#normalize/event.ts"
import type { Tx } from "#platform/db.ts"

/** An event and where it goes. */
export type Move = {
  row: RewritableEvent
  tags: Pair[]
  into: string
  intoHash: string
  title: string
  /** null: stays as it is. */
  payload: Uint8Array | null
}

/** From one issue to another, and how many. */
export type Flow = { from: string; into: string; events: number }

/** `stayed`: events that are no longer where they were, or whose issues or hashes are not what they were. */
export type Moved = { flows: Flow[]; stayed: number }

/**
 * The one place where stored events get another issue: their rows and all counts of both issues change in one transaction. Events that
 * are no longer where they were, or whose issue is leaving, stay. All moves are of one project.
 */
export async function moveEvents(tx: Tx, moves: readonly Move[]): Promise<Moved> {
  const [first] = moves
  if (!first) return { flows: [], stayed: 0 }
  const issues = [...new Set(moves.flatMap(({ row, into }) => [row.issueId, into]))]
  const movable = await lockMovable(tx, first.row.projectId, issues)
  // With the issues locked nobody takes hashes from them any more; somebody may have before.
  const hashIds = moves.map(({ intoHash }) => intoHash)
  const leads = await findHashIssues(tx, first.row.projectId, [...new Set(hashIds)])
  const possible = moves.filter(
    ({ row, into, intoHash }) =>
      movable.has(row.issueId) && movable.has(into) && leads.get(intoHash) === into,
  )
  const written = await updateEventsDecided(tx, possible.map(eventMove))
  const moved = possible.filter(({ row, into }) => row.issueId !== into && written.has(row.eventId))
  await recordMoves(
    tx,
    moved.map(({ row, tags, into }) => ({
      ...row,
      from: row.issueId,
      into,
      receivedAt: row.receivedAt.getTime(),
      occurredAt: row.occurredAt.getTime(),
      tags,
    })),
  )
  return { flows: flowsOf(moved), stayed: moves.length - written.size }
}

function eventMove({ row, into, intoHash, title, payload }: Move): EventMove {
  const { projectId, eventId, receivedDay, issueId } = row
  return { projectId, eventId, receivedDay, issueId, into, intoHash, title, payload }
}

function flowsOf(moved: readonly Move[]): Flow[] {
  const flows = new Map<string, Flow>()
  for (const { row, into } of moved) {
    const from = row.issueId
    flows.getOrInsertComputed(`${from} ${into}`, () => ({ from, into, events: 0 })).events++
  }
  return [...flows.values()]
}
