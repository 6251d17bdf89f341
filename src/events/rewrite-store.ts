import type { Db, Tx } from "#platform/db.ts"
import { plainArray } from "#platform/plain-array.ts"

/** All events of an issue, up to `limit`, become another's; returns how many did. */
export async function updateEventsIssue(
  db: Db,
  move: { projectId: string; id: string; into: string; firstDay: string; lastDay: string },
  limit: number,
): Promise<number> {
  const { count } = await db`
    update events set issue_id = ${move.into}
    where project_id = ${move.projectId} and received_day between ${move.firstDay}::date and ${move.lastDay}::date
      and (tableoid, ctid) in (
        select tableoid, ctid from events
        where project_id = ${move.projectId} and issue_id = ${move.id}
          and received_day between ${move.firstDay}::date and ${move.lastDay}::date
        limit ${limit})`
  return count
}

/** An event as jobs rewrite it. Times are milliseconds since 1970. */
export type RewritableEvent = {
  projectId: string
  /** 32 hex digits. */
  eventId: string
  receivedDay: string
  receivedAt: Date
  occurredAt: Date
  issueId: string
  hashId: string
  type: string
  level: number
  platform: string
  environmentId: string
  releaseId: string | null
  userHash: string | null
  title: string
  payload: Uint8Array
}

const columns = (db: Db) => db`
  e.project_id, replace(e.event_id::text, '-', '') as event_id, e.received_day::text as received_day, e.received_at,
  e.occurred_at, e.issue_id, e.hash_id, e.type, e.level, e.platform, e.environment_id, e.release_id, e.user_hash,
  e.title, e.payload`

/** The newest event of an issue. */
export async function findNewestOfIssue(
  db: Db,
  issue: { projectId: string; id: string; firstDay: string; lastDay: string },
): Promise<RewritableEvent | null> {
  const [row] = await db<RewritableEvent[]>`
    select ${columns(db)} from events e
    where e.project_id = ${issue.projectId} and e.issue_id = ${issue.id}
      and e.received_day between ${issue.firstDay}::date and ${issue.lastDay}::date
    order by e.received_day desc, e.received_at desc limit 1`
  return row ?? null
}

/** The newest event of an issue that came by each of these hashes. */
export function listNewestOfHashes(
  db: Db,
  issue: { projectId: string; id: string; firstDay: string; lastDay: string },
  hashIds: readonly string[],
): Promise<RewritableEvent[]> {
  return db<RewritableEvent[]>`
    select ${columns(db)}
    from unnest(${[...hashIds]}::bigint[]) as wanted (hash_id)
    cross join lateral (
      select * from events
      where project_id = ${issue.projectId} and issue_id = ${issue.id} and hash_id = wanted.hash_id
        and received_day between ${issue.firstDay}::date and ${issue.lastDay}::date
      order by received_day desc, received_at desc limit 1) e`
}

/** Events of an issue whose hashes lead to other issues by now, and to which. */
export function listStrayEvents(
  db: Db,
  issue: { projectId: string; id: string; firstDay: string; lastDay: string },
  limit: number,
): Promise<(RewritableEvent & { into: string })[]> {
  return db<(RewritableEvent & { into: string })[]>`
    select ${columns(db)}, h.issue_id as into
    from issue_hashes h join events e on e.project_id = h.project_id and e.hash_id = h.id
    where e.project_id = ${issue.projectId} and e.issue_id = ${issue.id}
      and e.received_day between ${issue.firstDay}::date and ${issue.lastDay}::date
      and h.project_id = ${issue.projectId} and h.issue_id <> ${issue.id}
    limit ${limit}`
}

/** The newest events of a project received on one day. */
export function listNewestOfDay(
  db: Db,
  of: { projectId: string; day: string },
  limit: number,
): Promise<RewritableEvent[]> {
  return db<RewritableEvent[]>`
    select ${columns(db)} from events e
    where e.project_id = ${of.projectId} and e.received_day = ${of.day}::date
      and e.event_id in (
        select event_id from events where project_id = ${of.projectId} and received_day = ${of.day}::date
        order by received_at desc limit ${limit})`
}

/** Events of a project received on one day, by their ids, behind `after`. */
export function listEventsOfDay(
  db: Db,
  of: { projectId: string; day: string; after: string | null },
  limit: number,
): Promise<RewritableEvent[]> {
  return db<RewritableEvent[]>`
    select ${columns(db)} from events e
    where e.project_id = ${of.projectId} and e.received_day = ${of.day}::date
      ${of.after ? db`and e.event_id > ${of.after}::uuid` : db``}
    order by e.event_id limit ${limit}`
}

/** Those of these events that are stored. */
export function listEventsById(
  db: Db,
  of: { projectId: string; day: string; eventIds: readonly string[] },
): Promise<RewritableEvent[]> {
  return db<RewritableEvent[]>`
    select ${columns(db)} from events e
    where e.project_id = ${of.projectId} and e.received_day = ${of.day}::date
      and e.event_id = any(${[...of.eventIds]}::uuid[])
    order by e.event_id`
}

export async function countProjectEvents(db: Db, projectId: string): Promise<number> {
  const [row] = await db<{ n: number }[]>`
    select count(*)::int as n from events where project_id = ${projectId}`
  return row?.n ?? 0
}

export type EventMove = Pick<
  RewritableEvent,
  "projectId" | "eventId" | "receivedDay" | "issueId"
> & {
  into: string
  intoHash: string
  title: string
  /** null: stays as it is. */
  payload: Uint8Array | null
}

/** Writes what was decided anew, where the event is still what it was; returns the ids of those. */
export async function updateEventsDecided(
  tx: Tx,
  moves: readonly EventMove[],
): Promise<Set<string>> {
  if (moves.length === 0) return new Set()
  const days = moves.map(({ receivedDay }) => receivedDay).sort()
  const payloads = moves.map(({ payload }) => payload ?? new Uint8Array(0))
  let end = 0
  const ends = payloads.map(({ length }) => (end += length))
  const rows = await tx<{ eventId: string }[]>`
    update events e set
      issue_id = moved.into_issue, hash_id = moved.into_hash, title = moved.title,
      payload = case when moved.bytes = 0 then e.payload
        else substr(${Buffer.concat(payloads)}::bytea, moved.payload_end - moved.bytes + 1, moved.bytes) end
    from unnest(
      ${plainArray(moves.map((move) => move.projectId))}::bigint[],
      ${plainArray(moves.map((move) => move.eventId))}::uuid[],
      ${plainArray(moves.map((move) => move.receivedDay))}::date[],
      ${plainArray(moves.map((move) => move.issueId))}::bigint[],
      ${plainArray(moves.map((move) => move.into))}::bigint[],
      ${plainArray(moves.map((move) => move.intoHash))}::bigint[],
      ${moves.map((move) => move.title)}::text[],
      ${plainArray(payloads.map(({ length }) => length))}::int[],
      ${plainArray(ends)}::int[]
    ) as moved (project_id, event_id, received_day, from_issue, into_issue, into_hash, title, bytes, payload_end)
    where e.project_id = moved.project_id and e.event_id = moved.event_id and e.received_day = moved.received_day
      and e.issue_id = moved.from_issue
      and e.received_day between ${days[0] ?? ""}::date and ${days.at(-1) ?? ""}::date
    returning replace(e.event_id::text, '-', '') as event_id`
  return new Set(rows.map(({ eventId }) => eventId))
}
