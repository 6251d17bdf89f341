import type { Db, Tx } from "#platform/db.ts"
import { addDays } from "#platform/partitions.ts"
import { plainArray } from "#platform/plain-array.ts"

/** An event ready to be stored. Times are milliseconds since 1970. */
export type EventRow = {
  projectId: string
  /** 32 hex digits. */
  eventId: string
  receivedDay: string
  receivedAt: number
  occurredAt: number
  issueId: string
  hashId: string
  type: string
  level: number
  platform: string
  environmentId: string
  releaseId: string | null
  dist: string | null
  userHash: string | null
  title: string
  terms: readonly number[]
  payload: Uint8Array
}

export type EventKey = { projectId: string; eventId: string; receivedDay: string }

/**
 * Which of these events are stored already, as `PROJECT/EVENT`. Clients send again after a timeout, and midnight may lie
 * between the two: the days beside each event's own are looked at too.
 */
export async function findStoredEvents(db: Db, keys: readonly EventKey[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set()
  const days = keys.map((key) => key.receivedDay).sort()
  const first = addDays(days[0] ?? "", -1)
  const last = addDays(days.at(-1) ?? "", 1)
  const rows = await db<{ projectId: string; eventId: string }[]>`
    select e.project_id, replace(e.event_id::text, '-', '') as event_id
    from unnest(
      ${plainArray(keys.map((key) => key.projectId))}::bigint[],
      ${plainArray(keys.map((key) => key.eventId))}::uuid[],
      ${plainArray(keys.map((key) => key.receivedDay))}::date[]
    ) as sent (project_id, event_id, received_day)
    join events e on e.project_id = sent.project_id and e.event_id = sent.event_id
    where e.received_day between ${first}::date and ${last}::date
      and e.received_day between sent.received_day - 1 and sent.received_day + 1`
  return new Set(rows.map((row) => `${row.projectId}/${row.eventId}`))
}

/**
 * Returns how many went in; an event that another transaction stored meanwhile is skipped. Payloads and terms travel as one value
 * each and are cut there: as elements of an array they were read twice, character by character, for a fifth of the
 * statement's time. Cut after sorting, so that the sort does not carry them.
 */
export async function insertEvents(tx: Tx, rows: readonly EventRow[]): Promise<number> {
  if (rows.length === 0) return 0
  const column = <T>(read: (row: EventRow) => T) => rows.map(read)
  const payloadEnds = endsOf(column((row) => row.payload.length))
  const termEnds = endsOf(column((row) => row.terms.length))
  const inserted = await tx`
    insert into events (project_id, event_id, received_day, received_at, occurred_at, issue_id, hash_id, type, level,
      platform, environment_id, release_id, dist, user_hash, title, terms, payload)
    select project_id, event_id, received_day, received_at, occurred_at, issue_id, hash_id, type, level,
      platform, environment_id, release_id, dist, user_hash, title,
      (${plainArray(rows.flatMap((row) => row.terms))}::int4[])[term_end - terms + 1:term_end],
      substr(${Buffer.concat(column((row) => row.payload))}::bytea, payload_end - payload_bytes + 1, payload_bytes)
    from (
      select * from unnest(
        ${plainArray(column((row) => row.projectId))}::bigint[],
        ${plainArray(column((row) => row.eventId))}::uuid[],
        ${plainArray(column((row) => row.receivedDay))}::date[],
        ${plainArray(column((row) => new Date(row.receivedAt).toISOString()))}::timestamptz[],
        ${plainArray(column((row) => new Date(row.occurredAt).toISOString()))}::timestamptz[],
        ${plainArray(column((row) => row.issueId))}::bigint[],
        ${plainArray(column((row) => row.hashId))}::bigint[],
        ${column((row) => row.type)}::text[],
        ${plainArray(column((row) => row.level))}::int[],
        ${column((row) => row.platform)}::text[],
        ${plainArray(column((row) => row.environmentId))}::bigint[],
        ${plainArray(column((row) => row.releaseId))}::bigint[],
        ${column((row) => row.dist)}::text[],
        ${plainArray(column((row) => row.userHash))}::bigint[],
        ${column((row) => row.title)}::text[],
        ${plainArray(column((row) => row.terms.length))}::int[],
        ${plainArray(termEnds)}::int[],
        ${plainArray(column((row) => row.payload.length))}::int[],
        ${plainArray(payloadEnds)}::int[]
      ) as sent (project_id, event_id, received_day, received_at, occurred_at, issue_id, hash_id, type, level,
        platform, environment_id, release_id, dist, user_hash, title, terms, term_end, payload_bytes, payload_end)
      order by project_id, event_id
    ) as sent
    on conflict do nothing`
  return inserted.count
}

/** Where each part ends when all stand in a row. */
function endsOf(lengths: readonly number[]): number[] {
  let end = 0
  return lengths.map((length) => (end += length))
}

/** The stored payload, still encoded, of one event of an issue's life time; null when it is gone. */
export async function findEventPayload(
  db: Db,
  key: { projectId: string; eventId: string; fromDay: string; toDay: string },
): Promise<Uint8Array | null> {
  const [row] = await db<{ payload: Uint8Array }[]>`
    select payload from events
    where project_id = ${key.projectId} and event_id = ${key.eventId}
      and received_day between ${key.fromDay}::date and ${key.toDay}::date
    limit 1`
  return row?.payload ?? null
}

/** When the latest event was received, as far as the newest days tell; null when there is none. */
export async function findNewestEventAt(db: Db, days: readonly string[]): Promise<Date | null> {
  for (const day of [...days].sort().reverse()) {
    const [row] = await db<{ at: Date | null }[]>`
      select max(received_at) as at from events where received_day = ${day}::date`
    if (row?.at) return row.at
  }
  return null
}

/** Removes up to `limit` events of these issues; returns which ones went. Given days keep the other partitions out of it. */
export async function deleteIssueEvents(
  db: Db,
  issues: readonly { projectId: string; id: string }[],
  range: { firstDay: string; lastDay: string; limit: number },
): Promise<{ projectId: string; eventId: string }[]> {
  return await db<{ projectId: string; eventId: string }[]>`
    delete from events where (tableoid, ctid) in (
      select tableoid, ctid from events
      where received_day between ${range.firstDay}::date and ${range.lastDay}::date
        and (project_id, issue_id) in (select * from unnest(
          ${issues.map((issue) => issue.projectId)}::bigint[], ${issues.map((issue) => issue.id)}::bigint[]))
      limit ${range.limit})
    returning project_id, replace(event_id::text, '-', '') as event_id`
}

type OldEvents = { projectId: string; before: string }

/** Removes up to `limit` events of a project that were received on days before `before`; returns which ones went. */
export async function deleteOldProjectEvents(
  db: Db,
  old: OldEvents & { limit: number },
): Promise<{ projectId: string; eventId: string }[]> {
  return await db<{ projectId: string; eventId: string }[]>`
    delete from events where (tableoid, ctid) in (
      select tableoid, ctid from events
      where project_id = ${old.projectId} and received_day < ${old.before}::date
      limit ${old.limit})
    returning project_id, replace(event_id::text, '-', '') as event_id`
}

export async function countOldProjectEvents(db: Db, old: OldEvents): Promise<number> {
  const [row] = await db<{ n: number }[]>`
    select count(*)::int as n from events
    where project_id = ${old.projectId} and received_day < ${old.before}::date`
  return row?.n ?? 0
}
