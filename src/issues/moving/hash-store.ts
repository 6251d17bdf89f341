import type { Db, Tx } from "#platform/db.ts"
import { plainArray } from "#platform/plain-array.ts"

/** The hash of an issue by the id that its events carry; null: it leads elsewhere by now. */
export async function findHashText(
  db: Db,
  issue: { projectId: string; issueId: string },
  hashId: string,
): Promise<string | null> {
  return (await listHashTexts(db, issue, [hashId])).get(hashId) ?? null
}

/** By id, of those that lead to the issue. */
export async function listHashTexts(
  db: Db,
  issue: { projectId: string; issueId: string },
  hashIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await db<{ id: string; hash: string }[]>`
    select id, hash from issue_hashes
    where project_id = ${issue.projectId} and issue_id = ${issue.issueId} and id = any(${[...hashIds]}::bigint[])`
  return new Map(rows.map(({ id, hash }) => [id, hash]))
}

/** Where hashes lead, by their ids. */
export async function findHashIssues(
  db: Db,
  projectId: string,
  hashIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await db<{ id: string; issueId: string }[]>`
    select id, issue_id from issue_hashes
    where project_id = ${projectId} and id = any(${[...hashIds]}::bigint[]) and issue_id is not null`
  return new Map(rows.map(({ id, issueId }) => [id, issueId]))
}

/** Those of the hashes that were there before `since`. */
export async function listHashesBefore(
  db: Db,
  { projectId, since }: { projectId: string; since: Date },
  hashes: readonly string[],
): Promise<Set<string>> {
  const rows = await db<{ hash: string }[]>`
    select hash from issue_hashes
    where project_id = ${projectId} and hash = any(${plainArray([...hashes])}::text[]) and created_at < ${since}`
  return new Set(rows.map(({ hash }) => hash))
}

/** Of the hashes those that lead to issues none of whose hashes was there before `since`. */
export function listHashesOfNewIssues(
  db: Db,
  { projectId, since }: { projectId: string; since: Date },
  hashes: readonly string[],
): Promise<{ hash: string; issueId: string }[]> {
  return db<{ hash: string; issueId: string }[]>`
    select h.hash, h.issue_id from issue_hashes h
    where h.project_id = ${projectId} and h.hash = any(${plainArray([...hashes])}::text[]) and h.issue_id is not null
      and not exists (
        select from issue_hashes o
        where o.project_id = h.project_id and o.issue_id = h.issue_id and o.created_at < ${since})
    order by h.hash`
}

/** A hash that leads to an issue, and the stored events that came by it. */
export type IssueHash = {
  id: string
  hash: string
  events: number
  firstSeen: Date | null
  lastSeen: Date | null
  createdAt: Date
}

type IssueOfDays = { projectId: string; id: string; firstDay: string; lastDay: string }

/** Those that most events came by first. */
export function listIssueHashes(db: Db, issue: IssueOfDays, limit: number): Promise<IssueHash[]> {
  return db<IssueHash[]>`
    select h.id, h.hash, h.created_at, coalesce(e.n, 0)::int as events, e.first_seen, e.last_seen
    from issue_hashes h
    left join (
      select hash_id, count(*) as n, min(occurred_at) as first_seen, max(occurred_at) as last_seen from events
      where project_id = ${issue.projectId} and issue_id = ${issue.id}
        and received_day between ${issue.firstDay}::date and ${issue.lastDay}::date
      group by hash_id
    ) e on e.hash_id = h.id
    where h.project_id = ${issue.projectId} and h.issue_id = ${issue.id}
    order by events desc, h.id limit ${limit}`
}

/** Hashes of `issue` lead to `into` from now on; returns how many did. */
export async function updateHashesIssue(
  tx: Tx,
  issue: { projectId: string; id: string; into: string },
  hashIds: readonly string[],
): Promise<number> {
  const { count } = await tx`
    update issue_hashes set issue_id = ${issue.into}
    where project_id = ${issue.projectId} and issue_id = ${issue.id} and id = any(${[...hashIds]}::bigint[])`
  return count
}

/** Bounds for asking after an issue's events; null: it is gone. */
export async function findIssueDays(
  db: Db,
  issue: { projectId: string; id: string },
): Promise<IssueOfDays | null> {
  const [row] = await db<IssueOfDays[]>`
    select project_id, id, first_received_day::text as first_day, last_received_day::text as last_day
    from issues where project_id = ${issue.projectId} and id = ${issue.id}`
  return row ?? null
}

/** New hashes that lead to known issues; what leads somewhere already stays. */
export async function updateHashesAdopted(
  tx: Tx,
  projectId: string,
  adopt: Readonly<Record<string, string>>,
): Promise<void> {
  const hashes = Object.keys(adopt).sort()
  if (hashes.length === 0) return
  await tx`
    insert into issue_hashes (project_id, hash)
    select ${projectId}, hash from unnest(${hashes}::text[]) as adopted (hash)
    on conflict do nothing`
  // Only those that lead nowhere are locked, as batches do: merges hold others in no order.
  const open = await tx<{ hash: string }[]>`
    select hash from issue_hashes
    where project_id = ${projectId} and hash = any(${hashes}::text[]) and issue_id is null and not is_discarded
    order by hash for update`
  const found = open.map(({ hash }) => hash)
  await tx`
    update issue_hashes known set issue_id = i.id
    from unnest(${found}::text[], ${found.map((hash) => adopt[hash] ?? "0")}::bigint[]) as adopted (hash, issue_id)
    join issues i on i.project_id = ${projectId} and i.id = adopted.issue_id
    where known.project_id = ${projectId} and known.hash = adopted.hash`
}
