import type { Db } from "#platform/db.ts"
import {
  type EventFilter,
  findEvent,
  findLatestEvent,
  findOldestEvent,
  type IssueEvents,
  listNewestEvents,
} from "./read-store.ts"
import { recommendedEvent } from "./recommended.ts"
import { openEvent, type StoredEvent } from "./stored-event.ts"

/** Enough to find one with variables and source among a noisy issue's last events; each costs 50 µs to open. */
const RECOMMENDED_CANDIDATES = 25
const EVENT_ID = /^[0-9a-f]{32}$/

/**
 * One event of an issue. `which`: latest, oldest, recommended, or the id of one (dashes allowed, whatever the filter says). null: the
 * issue has no such event (any more).
 */
export async function findWhichEvent(
  db: Db,
  issue: IssueEvents,
  which: string,
  filter: EventFilter,
): Promise<StoredEvent | null> {
  if (which === "recommended") {
    const rows = await listNewestEvents(db, issue, RECOMMENDED_CANDIDATES, filter)
    return recommendedEvent(rows.map(openEvent))
  }
  const row = await findRow(db, issue, which, filter)
  return row && openEvent(row)
}

async function findRow(db: Db, issue: IssueEvents, which: string, filter: EventFilter) {
  if (which === "latest") return findLatestEvent(db, issue, filter)
  if (which === "oldest") return findOldestEvent(db, issue, filter)
  const eventId = which.replaceAll("-", "").toLowerCase()
  return EVENT_ID.test(eventId) ? findEvent(db, issue, eventId) : null
}
