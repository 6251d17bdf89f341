import type { Db } from "#platform/db.ts"

/** Where an event stands among its issue's: latest means last received, ties broken by id. */
export type EventPlace = {
  eventId: string
  receivedDay: string
  receivedAt: Date
  /** `receivedAt` to the microsecond, which a Date cannot hold: for comparing in SQL. */
  receivedExact: string
}

export type EventRow = EventPlace & {
  projectId: string
  issueId: string
  occurredAt: Date
  type: string
  level: number
  platform: string
  title: string
  dist: string | null
  hashId: string
  environment: string
  release: string | null
  /** Codec byte and body: see payload-codec.ts. */
  payload: Uint8Array
}

/** The bounds of received_day that the issue's row knows: without them every partition is asked. */
export type IssueEvents = {
  projectId: string
  issueId: string
  firstReceivedDay: string
  lastReceivedDay: string
}

export type EventFilter = {
  /** Hashes of key=value that all must be on the event (see termOf). */
  terms: number[]
  /** Received then or later. */
  from?: Date
  /** Received then or earlier. */
  to?: Date
}

const NO_FILTER: EventFilter = { terms: [] }

export async function findLatestEvent(db: Db, issue: IssueEvents, filter = NO_FILTER) {
  const [row] = await db<EventRow[]>`
    ${eventColumns(db)} ${whereOf(db, issue, filter)}
    order by e.received_day desc, e.received_at desc, e.event_id desc limit 1`
  return row ?? null
}

export async function findOldestEvent(db: Db, issue: IssueEvents, filter = NO_FILTER) {
  const [row] = await db<EventRow[]>`
    ${eventColumns(db)} ${whereOf(db, issue, filter)}
    order by e.received_day, e.received_at, e.event_id limit 1`
  return row ?? null
}

/** The candidates for "recommended": the newest few of the issue. */
export function listNewestEvents(db: Db, issue: IssueEvents, limit: number, filter = NO_FILTER) {
  return db<EventRow[]>`
    ${eventColumns(db)} ${whereOf(db, issue, filter)}
    order by e.received_day desc, e.received_at desc, e.event_id desc limit ${limit}`
}

/** One event of an issue by its 32 hex digits. */
export async function findEvent(db: Db, issue: IssueEvents, eventId: string) {
  const [row] = await db<EventRow[]>`
    ${eventColumns(db)} ${whereOf(db, issue, NO_FILTER)} and e.event_id = ${eventId}::uuid limit 1`
  return row ?? null
}

/** The issue an event of one project belongs to; asks every day there is, so for look-ups by people only. */
export async function findEventIssue(
  db: Db,
  event: { projectIds: readonly string[]; eventId: string },
): Promise<{ projectId: string; issueId: string } | null> {
  const [row] = await db<{ projectId: string; issueId: string }[]>`
    select project_id, issue_id from events
    where project_id = any(${[...event.projectIds]}::bigint[]) and event_id = ${event.eventId}::uuid
    order by received_day desc limit 1`
  return row ?? null
}

/** An event by project and id alone; asks every day there is, so for look-ups by people only. */
export async function findProjectEvent(db: Db, event: { projectId: string; eventId: string }) {
  const [row] = await db<EventRow[]>`
    ${eventColumns(db)}
    where e.project_id = ${event.projectId} and e.event_id = ${event.eventId}::uuid
    order by e.received_day desc limit 1`
  return row ?? null
}

/** Ids of the next older and next newer event, null at the ends. */
export async function findNeighbours(
  db: Db,
  issue: IssueEvents,
  place: EventPlace,
  filter = NO_FILTER,
): Promise<{ older: string | null; newer: string | null }> {
  const at = db`(${place.receivedDay}::date, ${place.receivedExact}::timestamptz, ${place.eventId}::uuid)`
  const key = db`(e.received_day, e.received_at, e.event_id)`
  const upTo = { ...issue, lastReceivedDay: place.receivedDay }
  const from = { ...issue, firstReceivedDay: place.receivedDay }
  const [row] = await db<{ older: string | null; newer: string | null }[]>`
    select
      (select ${hexId(db)} from events e ${whereOf(db, upTo, filter)} and ${key} < ${at}
        order by e.received_day desc, e.received_at desc, e.event_id desc limit 1) as older,
      (select ${hexId(db)} from events e ${whereOf(db, from, filter)} and ${key} > ${at}
        order by e.received_day, e.received_at, e.event_id limit 1) as newer`
  return row ?? { older: null, newer: null }
}

/** A page of the event list, newest first, below `before` or after leaving out `offset` of them. */
export function listEvents(
  db: Db,
  issue: IssueEvents,
  page: { limit: number; before?: EventPlace | null; offset?: number; filter?: EventFilter },
) {
  const { before } = page
  const upTo = before ? { ...issue, lastReceivedDay: before.receivedDay } : issue
  return db<EventRow[]>`
    ${eventColumns(db)} ${whereOf(db, upTo, page.filter ?? NO_FILTER)}
    ${
      before
        ? db`and (e.received_day, e.received_at, e.event_id)
            < (${before.receivedDay}::date, ${before.receivedExact}::timestamptz, ${before.eventId}::uuid)`
        : db``
    }
    order by e.received_day desc, e.received_at desc, e.event_id desc
    limit ${page.limit} offset ${page.offset ?? 0}`
}

function hexId(db: Db) {
  return db`replace(e.event_id::text, '-', '')`
}

/** The names of environment and release come by key, per row returned; a join would be planned over all partitions. */
function eventColumns(db: Db) {
  return db`
    select ${hexId(db)} as event_id, e.received_day::text as received_day, e.received_at, e.received_at::text as received_exact,
      e.project_id, e.issue_id, e.occurred_at, e.type, e.level, e.platform, e.title, e.dist, e.hash_id, e.payload,
      coalesce((select n.name from environments n where n.project_id = e.project_id and n.id = e.environment_id), '') as environment,
      (select r.version from releases r where r.id = e.release_id) as release
    from events e`
}

function whereOf(db: Db, issue: IssueEvents, filter: EventFilter) {
  return db`
    where e.project_id = ${issue.projectId} and e.issue_id = ${issue.issueId}
      and e.received_day between ${issue.firstReceivedDay}::date and ${issue.lastReceivedDay}::date
      ${filter.terms.length > 0 ? db`and e.terms @> ${filter.terms}::int4[]` : db``}
      ${filter.from ? db`and e.received_at >= ${filter.from}` : db``}
      ${filter.to ? db`and e.received_at <= ${filter.to}` : db``}`
}
