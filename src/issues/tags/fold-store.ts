import type { Db, Tx } from "#platform/db.ts"
import { plainArray } from "#platform/plain-array.ts"
import { STATUS } from "../issue.ts"
import type { DictionaryEntry, KeptKey, KeyCount, ValueCount } from "./counts.ts"
import { encodeTagDeltas, type TaggedEvent } from "./deltas.ts"

export async function insertTagDeltas(tx: Tx, events: readonly TaggedEvent[]): Promise<void> {
  if (events.length === 0) return
  await tx`insert into tag_deltas (deltas) values (${encodeTagDeltas(events)})`
}

/** The oldest rows that wait. */
export async function listTagDeltaIds(db: Db, limit: number): Promise<string[]> {
  const rows = await db<{ id: string }[]>`
    select id from tag_deltas where fold_error is null order by id limit ${limit}`
  return rows.map(({ id }) => id)
}

/** Deletes the oldest rows and returns them: they are folded in this transaction or stay. */
export async function takeTagDeltas(tx: Tx, limit: number): Promise<{ deltas: Uint8Array }[]> {
  return await tx<{ deltas: Uint8Array }[]>`
    delete from tag_deltas where id in (
      select id from tag_deltas where fold_error is null
      order by id limit ${limit} for update skip locked)
    returning deltas`
}

/** The same with one row; nothing when somebody else has it. */
export async function takeTagDelta(tx: Tx, id: string): Promise<{ deltas: Uint8Array }[]> {
  return await tx<{ deltas: Uint8Array }[]>`
    delete from tag_deltas where id in (
      select id from tag_deltas where id = ${id} and fold_error is null for update skip locked)
    returning deltas`
}

/** Sets a row aside that cannot be folded. */
export async function updateTagDeltaError(db: Db, id: string, error: string): Promise<void> {
  await db`update tag_deltas set fold_error = ${error.slice(0, 1000)} where id = ${id}`
}

export async function deleteOldTagDeltaErrors(db: Db, before: Date): Promise<number> {
  const { count } = await db`
    delete from tag_deltas where fold_error is not null and created_at < ${before}`
  return count
}

/** Where the counts of each issue belong by now, by `PROJECT/ISSUE`; deleted issues are missing. What is merely hidden keeps its own. */
export async function findFoldTargets(
  db: Db,
  events: readonly { projectId: string; issueId: string }[],
): Promise<Map<string, string>> {
  const issues = [
    ...new Map(events.map((event) => [`${event.projectId}/${event.issueId}`, event])).values(),
  ]
  const rows = await db<{ projectId: string; oldId: string; issueId: string }[]>`
    select wanted.project_id, wanted.id as old_id, i.id as issue_id
    from unnest(
      ${plainArray(issues.map((issue) => issue.projectId))}::bigint[],
      ${plainArray(issues.map((issue) => issue.issueId))}::bigint[]
    ) as wanted (project_id, id)
    left join issue_redirects r on r.project_id = wanted.project_id and r.old_issue_id = wanted.id
      and not exists (select from rule_change_issues c
        where c.project_id = wanted.project_id and c.issue_id = wanted.id and c.hidden_status is not null)
    join issues i on i.project_id = wanted.project_id and i.id = coalesce(r.issue_id, wanted.id)
      and i.status <> ${STATUS.deleting}`
  return new Map(rows.map((row) => [`${row.projectId}/${row.oldId}`, row.issueId]))
}

type Key = { projectId: string; issueId: string; key: string }

/** Adds events per key; returns how many distinct values each key had before. */
export async function recordTagKeys(
  tx: Tx,
  counts: readonly KeyCount[],
): Promise<(Key & { distinctValues: number })[]> {
  return await tx<(Key & { distinctValues: number })[]>`
    insert into issue_tag_keys as known (project_id, issue_id, key, events, distinct_values)
    select project_id, issue_id, key, events, 0
    from unnest(
      ${plainArray(counts.map((count) => count.projectId))}::bigint[],
      ${plainArray(counts.map((count) => count.issueId))}::bigint[],
      ${counts.map((count) => count.key)}::text[],
      ${plainArray(counts.map((count) => count.events))}::bigint[]
    ) as counted (project_id, issue_id, key, events)
    order by project_id, issue_id, key
    on conflict (project_id, issue_id, key) do update set events = known.events + excluded.events
    returning project_id, issue_id, key, distinct_values`
}

/** Which of the values have a row. */
export async function findTagValues(
  db: Db,
  counts: readonly KeyCount[],
): Promise<(Key & { value: string })[]> {
  const rows = counts.flatMap((count) =>
    [...count.values.keys()].map((value) => ({ count, value })),
  )
  return await db<(Key & { value: string })[]>`
    select v.project_id, v.issue_id, v.key, v.value
    from unnest(
      ${plainArray(rows.map(({ count }) => count.projectId))}::bigint[],
      ${plainArray(rows.map(({ count }) => count.issueId))}::bigint[],
      ${rows.map(({ count }) => count.key)}::text[],
      ${rows.map(({ value }) => value)}::text[]
    ) as counted (project_id, issue_id, key, value)
    join issue_tag_values v on v.project_id = counted.project_id and v.issue_id = counted.issue_id
      and v.key = counted.key and v.value = counted.value`
}

export async function recordTagValues(tx: Tx, kept: readonly KeptKey[]): Promise<void> {
  const rows = kept.flatMap(({ key, values }) => values.map((value) => ({ of: key, ...value })))
  const column = <T>(read: (row: { of: KeyCount } & ValueCount) => T) => rows.map(read)
  await tx`
    insert into issue_tag_values as known (project_id, issue_id, key, value, events, first_seen, last_seen)
    select project_id, issue_id, key, value, events, first_seen, last_seen
    from unnest(
      ${plainArray(column((row) => row.of.projectId))}::bigint[],
      ${plainArray(column((row) => row.of.issueId))}::bigint[],
      ${column((row) => row.of.key)}::text[],
      ${column((row) => row.value)}::text[],
      ${plainArray(column((row) => row.events))}::bigint[],
      ${plainArray(column((row) => isoOf(row.firstSeen)))}::timestamptz[],
      ${plainArray(column((row) => isoOf(row.lastSeen)))}::timestamptz[]
    ) as counted (project_id, issue_id, key, value, events, first_seen, last_seen)
    order by project_id, issue_id, key, value
    on conflict (project_id, issue_id, key, value) do update set
      events = known.events + excluded.events,
      first_seen = least(known.first_seen, excluded.first_seen),
      last_seen = greatest(known.last_seen, excluded.last_seen)`
}

/** The events that found no room, and the values that did. */
export async function updateTagKeys(tx: Tx, kept: readonly KeptKey[]): Promise<void> {
  if (kept.length === 0) return
  await tx`
    update issue_tag_keys k set
      distinct_values = k.distinct_values + added.new_values,
      other_events = k.other_events + added.other_events
    from unnest(
      ${plainArray(kept.map(({ key }) => key.projectId))}::bigint[],
      ${plainArray(kept.map(({ key }) => key.issueId))}::bigint[],
      ${kept.map(({ key }) => key.key)}::text[],
      ${plainArray(kept.map(({ newValues }) => newValues))}::int[],
      ${plainArray(kept.map(({ otherEvents }) => otherEvents))}::int[]
    ) as added (project_id, issue_id, key, new_values, other_events)
    where k.project_id = added.project_id and k.issue_id = added.issue_id and k.key = added.key`
}

/** Values and keys that no event carries any more, since events went to other issues. */
export async function deleteEmptyTagValues(tx: Tx, counts: readonly KeyCount[]): Promise<void> {
  if (counts.length === 0) return
  const keys = tx`unnest(
    ${plainArray(counts.map((count) => count.projectId))}::bigint[],
    ${plainArray(counts.map((count) => count.issueId))}::bigint[],
    ${counts.map((count) => count.key)}::text[]) as k (project_id, issue_id, key)`
  await tx`
    with gone as (
      delete from issue_tag_values
      where (project_id, issue_id, key) in (select * from ${keys}) and events <= 0
      returning project_id, issue_id, key),
    counted as (select project_id, issue_id, key, count(*)::int as n from gone group by 1, 2, 3)
    update issue_tag_keys k set distinct_values = greatest(0, k.distinct_values - counted.n)
    from counted
    where k.project_id = counted.project_id and k.issue_id = counted.issue_id and k.key = counted.key`
  await tx`
    delete from issue_tag_keys
    where (project_id, issue_id, key) in (select * from ${keys}) and events <= 0`
}

/** Completion needs to know about when a value was last seen, not to the second. */
export async function recordTagDictionary(tx: Tx, entries: DictionaryEntry[]): Promise<void> {
  await tx`
    insert into tag_values as known (project_id, key, value, last_seen)
    select project_id, key, value, last_seen
    from unnest(
      ${entries.map((entry) => entry.projectId)}::bigint[],
      ${entries.map((entry) => entry.key)}::text[],
      ${entries.map((entry) => entry.value)}::text[],
      ${entries.map((entry) => isoOf(entry.lastSeen))}::timestamptz[]
    ) as entry (project_id, key, value, last_seen)
    order by project_id, key, value
    on conflict (project_id, key, value) do update set last_seen = excluded.last_seen
    where known.last_seen < excluded.last_seen - interval '1 hour'`
}

export async function deleteOldTagValues(tx: Tx, before: Date, limit: number): Promise<number> {
  const result = await tx`
    delete from tag_values where ctid in (
      select ctid from tag_values where last_seen < ${before} limit ${limit})`
  return result.count
}

const isoOf = (ms: number) => new Date(ms).toISOString()
