import type { Tx } from "#platform/db.ts"
import { STATUS } from "./issue.ts"
import {
  type DictionaryEntry,
  encodeTagDeltas,
  type KeyCount,
  keyOf,
  type TagDelta,
  type TagDeltas,
} from "./tag-deltas.ts"

export async function insertTagDeltas(tx: Tx, deltas: TagDeltas): Promise<void> {
  if (deltas.size === 0) return
  await tx`insert into tag_deltas (deltas) values (${encodeTagDeltas(deltas)})`
}

/** Deletes the oldest rows and returns them: they are folded in this transaction or stay. */
export async function takeTagDeltas(tx: Tx, limit: number): Promise<{ deltas: Uint8Array }[]> {
  return await tx<{ deltas: Uint8Array }[]>`
    delete from tag_deltas where id in (
      select id from tag_deltas order by id limit ${limit} for update skip locked)
    returning deltas`
}

/** Where the counts of each issue belong by now, by `PROJECT/ISSUE`; deleted issues are missing. */
export async function findFoldTargets(
  tx: Tx,
  deltas: readonly TagDelta[],
): Promise<Map<string, string>> {
  const issues = [
    ...new Map(deltas.map((delta) => [`${delta.projectId}/${delta.issueId}`, delta])).values(),
  ]
  const rows = await tx<{ projectId: string; oldId: string; issueId: string }[]>`
    select wanted.project_id, wanted.id as old_id, i.id as issue_id
    from unnest(
      ${issues.map((issue) => issue.projectId)}::bigint[],
      ${issues.map((issue) => issue.issueId)}::bigint[]
    ) as wanted (project_id, id)
    left join issue_redirects r on r.project_id = wanted.project_id and r.old_issue_id = wanted.id
    join issues i on i.project_id = wanted.project_id and i.id = coalesce(r.issue_id, wanted.id)
      and i.status <> ${STATUS.deleting}`
  return new Map(rows.map((row) => [`${row.projectId}/${row.oldId}`, row.issueId]))
}

/** Adds events per key; returns how many distinct values each key has, by key. */
export async function recordTagKeys(tx: Tx, counts: KeyCount[]): Promise<Map<string, number>> {
  const rows = await tx<
    { projectId: string; issueId: string; key: string; distinctValues: number }[]
  >`
    insert into issue_tag_keys as known (project_id, issue_id, key, events, distinct_values)
    select project_id, issue_id, key, events, 0 from ${keyColumns(tx, counts)}
    order by project_id, issue_id, key
    on conflict (project_id, issue_id, key) do update set events = known.events + excluded.events
    returning project_id, issue_id, key, distinct_values`
  return new Map(rows.map((row) => [keyOf(row), row.distinctValues]))
}

/** Which of the values have a row, as valueKeyOf names them. */
export async function findTagValues(tx: Tx, deltas: readonly TagDelta[]): Promise<Set<string>> {
  const rows = await tx<{ projectId: string; issueId: string; key: string; value: string }[]>`
    select v.project_id, v.issue_id, v.key, v.value
    from ${valueColumns(tx, deltas)}
    join issue_tag_values v on v.project_id = delta.project_id and v.issue_id = delta.issue_id
      and v.key = delta.key and v.value = delta.value`
  return new Set(rows.map((row) => `${keyOf(row)}=${row.value}`))
}

export async function recordTagValues(tx: Tx, deltas: readonly TagDelta[]): Promise<void> {
  await tx`
    insert into issue_tag_values as known (project_id, issue_id, key, value, events, first_seen, last_seen)
    select project_id, issue_id, key, value, events, first_seen, last_seen
    from ${valueColumns(tx, deltas)}
    order by project_id, issue_id, key, value
    on conflict (project_id, issue_id, key, value) do update set
      events = known.events + excluded.events,
      first_seen = least(known.first_seen, excluded.first_seen),
      last_seen = greatest(known.last_seen, excluded.last_seen)`
}

/** The events that found no room, and the values that did. */
export async function updateTagKeys(
  tx: Tx,
  newValues: Map<string, KeyCount>,
  other: Map<string, KeyCount>,
): Promise<void> {
  const keys = [...new Map([...newValues, ...other])]
  if (keys.length === 0) return
  const counts = keys.map(([, count]) => count)
  await tx`
    update issue_tag_keys k set
      distinct_values = k.distinct_values + added.new_values,
      other_events = k.other_events + added.other_events
    from unnest(
      ${counts.map((count) => count.projectId)}::bigint[],
      ${counts.map((count) => count.issueId)}::bigint[],
      ${counts.map((count) => count.key)}::text[],
      ${keys.map(([key]) => newValues.get(key)?.events ?? 0)}::int[],
      ${keys.map(([key]) => other.get(key)?.events ?? 0)}::int[]
    ) as added (project_id, issue_id, key, new_values, other_events)
    where k.project_id = added.project_id and k.issue_id = added.issue_id and k.key = added.key`
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
      ${entries.map((entry) => new Date(entry.lastSeen).toISOString())}::timestamptz[]
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

function keyColumns(tx: Tx, counts: readonly KeyCount[]) {
  return tx`unnest(
    ${counts.map((count) => count.projectId)}::bigint[],
    ${counts.map((count) => count.issueId)}::bigint[],
    ${counts.map((count) => count.key)}::text[],
    ${counts.map((count) => count.events)}::bigint[]
  ) as counted (project_id, issue_id, key, events)`
}

function valueColumns(tx: Tx, deltas: readonly TagDelta[]) {
  return tx`unnest(
    ${deltas.map((delta) => delta.projectId)}::bigint[],
    ${deltas.map((delta) => delta.issueId)}::bigint[],
    ${deltas.map((delta) => delta.key)}::text[],
    ${deltas.map((delta) => delta.value)}::text[],
    ${deltas.map((delta) => delta.events)}::bigint[],
    ${deltas.map((delta) => new Date(delta.firstSeen).toISOString())}::timestamptz[],
    ${deltas.map((delta) => new Date(delta.lastSeen).toISOString())}::timestamptz[]
  ) as delta (project_id, issue_id, key, value, events, first_seen, last_seen)`
}
