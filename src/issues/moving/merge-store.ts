import type { Db, Tx } from "#platform/db.ts"
import { plainArray } from "#platform/plain-array.ts"
import { type IssueRef, STATUS } from "../issue.ts"
import { MAX_USERS_COUNTED } from "../occurrences/occurrence.ts"

export type MergeCandidate = IssueRef & {
  shortId: string
  title: string
  timesSeen: string
  firstSeen: Date
}

/** Issues that can be merged, locked in the order of their keys, as batches do. */
export function lockMergeCandidates(
  tx: Tx,
  issues: readonly IssueRef[],
): Promise<MergeCandidate[]> {
  return tx<MergeCandidate[]>`
    select project_id, id, short_id, title, times_seen, first_seen from issues
    where (project_id, id) in (select * from ${pairs(tx, issues)})
      and status not in (${STATUS.deleting}, ${STATUS.merging})
    order by project_id, id
    for no key update`
}

/** Counts, times and releases of `sources` go to `target`; users are counted when their rows move. */
export async function updateMerged(
  tx: Tx,
  target: IssueRef,
  sources: readonly IssueRef[],
): Promise<void> {
  await tx`
    update issues t set
      times_seen = t.times_seen + s.times_seen,
      comment_count = t.comment_count + s.comment_count,
      first_seen = least(t.first_seen, s.first_seen),
      last_seen = greatest(t.last_seen, s.last_seen),
      first_received_day = least(t.first_received_day, s.first_day),
      last_received_day = greatest(t.last_received_day, s.last_day),
      last_release_id = case when s.last_seen > t.last_seen
        then coalesce(s.last_release_id, t.last_release_id) else t.last_release_id end
    from (
      select sum(times_seen)::bigint as times_seen, sum(comment_count)::int as comment_count,
        min(first_seen) as first_seen, max(last_seen) as last_seen,
        min(first_received_day) as first_day, max(last_received_day) as last_day,
        (array_agg(last_release_id order by last_seen desc) filter (where last_release_id is not null))[1] as last_release_id
      from issues where (project_id, id) in (select * from ${pairs(tx, sources)})
    ) s
    where t.project_id = ${target.projectId} and t.id = ${target.id}`
  await tx`
    update issues set status = ${STATUS.merging}, substatus = null, times_seen = 0, comment_count = 0
    where (project_id, id) in (select * from ${pairs(tx, sources)})`
}

/** From now on events of `sources` go to `target`, and their addresses lead there. */
export async function updateHashesMerged(
  tx: Tx,
  target: IssueRef,
  sources: readonly IssueRef[],
): Promise<void> {
  await tx`
    update issue_hashes set issue_id = ${target.id}
    where (project_id, issue_id) in (select * from ${pairs(tx, sources)})`
  await recordRedirects(tx, target, sources)
}

async function recordRedirects(
  tx: Tx,
  target: IssueRef,
  sources: readonly IssueRef[],
): Promise<void> {
  await tx`
    update issue_redirects set issue_id = ${target.id}
    where (project_id, issue_id) in (select * from ${pairs(tx, sources)})`
  await tx`
    insert into issue_redirects (project_id, old_issue_id, old_short_id, issue_id)
    select project_id, id, short_id, ${target.id} from issues
    where (project_id, id) in (select * from ${pairs(tx, sources)})
    on conflict (project_id, old_issue_id) do update set issue_id = excluded.issue_id`
}

export type LeavingPair = {
  projectId: string
  id: string
  into: string
  firstDay: string
  lastDay: string
}

/** Issues that were merged into `target` and whose rows have not moved yet. */
export function listMerging(db: Db, target: IssueRef): Promise<LeavingPair[]> {
  return db<LeavingPair[]>`
    select i.project_id, i.id, r.issue_id as into,
      i.first_received_day::text as first_day, i.last_received_day::text as last_day
    from issue_redirects r join issues i on i.project_id = r.project_id and i.id = r.old_issue_id
    where r.project_id = ${target.projectId} and r.issue_id = ${target.id} and i.status = ${STATUS.merging}
      and not exists (select from rule_change_issues c where c.project_id = i.project_id and c.issue_id = i.id
          and c.hidden_status is not null)
    order by i.id`
}

/**
 * Locks a merged issue and the one it becomes part of, as batches do. Whether there is anything left to move: either may have been merged
 * further or deleted since somebody looked.
 */
export async function lockMerging(tx: Tx, pair: Pair): Promise<boolean> {
  const { isStaying, isOnItsWay } = await lockPair(tx, pair)
  return isStaying(pair.into) && isOnItsWay
}

/** The same for an issue that is to be merged: it stays so far, or is hidden in the other. */
export async function lockForMerging(tx: Tx, pair: Pair): Promise<boolean> {
  const { isStaying, isOnItsWay } = await lockPair(tx, pair)
  return isStaying(pair.into) && (isStaying(pair.id) || isOnItsWay)
}

type Pair = Pick<LeavingPair, "projectId" | "id" | "into">

async function lockPair(tx: Tx, { projectId, id, into }: Pair) {
  const rows = await tx<{ id: string; status: number }[]>`
    select id, status from issues where project_id = ${projectId} and id in (${id}, ${into})
    order by id for no key update`
  const statuses = new Map(rows.map((row) => [row.id, row.status]))
  const isStaying = (issueId: string) => {
    const status = statuses.get(issueId)
    return status !== undefined && status !== STATUS.deleting && status !== STATUS.merging
  }
  const isMerging = statuses.get(id) === STATUS.merging
  return {
    isStaying,
    isOnItsWay: isMerging && (await findRedirect(tx, { projectId, id })) === into,
  }
}

/** Moves up to `limit` rows of each side table; returns how many moved, 0 when nothing is left. */
export async function moveMergedDetails(
  tx: Tx,
  { projectId, id, into }: LeavingPair,
  limit: number,
): Promise<number> {
  const [users] = await tx<{ moved: number; added: number }[]>`
    with gone as (
      delete from issue_users where ctid in (
        select ctid from issue_users where project_id = ${projectId} and issue_id = ${id} limit ${limit})
      returning user_hash),
    added as (
      insert into issue_users (project_id, issue_id, user_hash)
      select ${projectId}, ${into}, user_hash from gone order by user_hash
      on conflict do nothing returning 1)
    select (select count(*)::int from gone) as moved, (select count(*)::int from added) as added`
  await tx`
    update issues set users_seen = least(${MAX_USERS_COUNTED}, users_seen + ${users?.added ?? 0})
    where project_id = ${projectId} and id = ${into}`
  const hours = await tx`
    with gone as (
      delete from issue_hours where (tableoid, ctid) in (
        select tableoid, ctid from issue_hours where project_id = ${projectId} and issue_id = ${id} limit ${limit})
      returning environment_id, hour, events)
    insert into issue_hours as total (project_id, issue_id, environment_id, hour, events)
    select ${projectId}, ${into}, environment_id, hour, events from gone order by environment_id, hour
    on conflict (project_id, issue_id, environment_id, hour) do update set events = total.events + excluded.events`
  return (users?.moved ?? 0) + hours.count + (await moveTags(tx, { projectId, id, into }, limit))
}

async function moveTags(tx: Tx, { projectId, id, into }: Pair, limit: number): Promise<number> {
  const keys = await tx`
    with gone as (
      delete from issue_tag_keys where project_id = ${projectId} and issue_id = ${id}
      returning key, events, other_events)
    insert into issue_tag_keys as known (project_id, issue_id, key, events, distinct_values, other_events)
    select ${projectId}, ${into}, key, events, 0, other_events from gone order by key
    on conflict (project_id, issue_id, key) do update set
      events = known.events + excluded.events, other_events = known.other_events + excluded.other_events`
  const values = await tx<{ key: string }[]>`
    with gone as (
      delete from issue_tag_values where ctid in (
        select ctid from issue_tag_values where project_id = ${projectId} and issue_id = ${id} limit ${limit})
      returning key, value, events, first_seen, last_seen)
    insert into issue_tag_values as known (project_id, issue_id, key, value, events, first_seen, last_seen)
    select ${projectId}, ${into}, key, value, events, first_seen, last_seen from gone order by key, value
    on conflict (project_id, issue_id, key, value) do update set
      events = known.events + excluded.events,
      first_seen = least(known.first_seen, excluded.first_seen),
      last_seen = greatest(known.last_seen, excluded.last_seen)
    returning key`
  if (values.length > 0) {
    await tx`
      update issue_tag_keys k set distinct_values = (
        select count(*)::int from issue_tag_values v
        where v.project_id = k.project_id and v.issue_id = k.issue_id and v.key = k.key)
      where k.project_id = ${projectId} and k.issue_id = ${into}
        and k.key = any(${[...new Set(values.map(({ key }) => key))]}::text[])`
  }
  return keys.count + values.count
}

/** The last step of a merge: history and followers go along, and the issue is no more. */
export async function deleteMergedIssue(
  tx: Tx,
  { projectId, id, into }: LeavingPair,
): Promise<void> {
  await tx`
    update issue_activity set issue_id = ${into}
    where project_id = ${projectId} and issue_id = ${id} and type in ('note', 'merge')`
  await tx`
    insert into issue_subscriptions (project_id, issue_id, user_id, is_active, reason, created_at)
    select project_id, ${into}, user_id, is_active, reason, created_at from issue_subscriptions
    where project_id = ${projectId} and issue_id = ${id}
    on conflict do nothing`
  await tx`
    insert into issue_bookmarks (project_id, issue_id, user_id, created_at)
    select project_id, ${into}, user_id, created_at from issue_bookmarks
    where project_id = ${projectId} and issue_id = ${id}
    on conflict do nothing`
  for (const table of [
    "issue_activity",
    "issue_subscriptions",
    "issue_bookmarks",
    "issue_commits",
    "issue_texts",
  ]) {
    await tx`delete from ${tx(table)} where project_id = ${projectId} and issue_id = ${id}`
  }
  await tx`update issue_hashes set issue_id = ${into} where project_id = ${projectId} and issue_id = ${id}`
  await tx`
    delete from issues where project_id = ${projectId} and id = ${id} and status = ${STATUS.merging}`
}

function pairs(db: Db, issues: readonly IssueRef[]) {
  return db`unnest(
    ${plainArray(issues.map((issue) => issue.projectId))}::bigint[],
    ${plainArray(issues.map((issue) => issue.id))}::bigint[]) as pairs (project_id, id)`
}

/** Issues without stored events among these, whatever else is counted on them, and whom no other's events are on their way to. */
export async function listEmptyIssues(
  db: Db,
  projectId: string,
  issueIds: readonly string[],
): Promise<{ id: string; status: number }[]> {
  return await db<{ id: string; status: number }[]>`
    select i.id, i.status from issues i
    where i.project_id = ${projectId} and i.id = any(${[...issueIds]}::bigint[])
      and i.status not in (${STATUS.deleting}, ${STATUS.merging})
      and not exists (
        select from events e where e.project_id = i.project_id and e.issue_id = i.id
          and e.received_day between i.first_received_day and i.last_received_day)
      and not exists (
        select from issue_redirects r join issues o on o.project_id = r.project_id and o.id = r.old_issue_id
        where r.project_id = i.project_id and r.issue_id = i.id and o.status = ${STATUS.merging}
          and not exists (select from rule_change_issues c where c.project_id = o.project_id and c.issue_id = o.id
            and c.hidden_status is not null))
    order by i.id`
}

/** Of the issues those with stored events besides these. */
export async function listIssuesWithOthers(
  db: Db,
  { projectId, issueIds }: { projectId: string; issueIds: readonly string[] },
  eventIds: readonly string[],
): Promise<Set<string>> {
  const rows = await db<{ id: string }[]>`
    select i.id from issues i
    where i.project_id = ${projectId} and i.id = any(${plainArray([...issueIds])}::bigint[])
      and exists (
        select from events e where e.project_id = i.project_id and e.issue_id = i.id
          and e.received_day between i.first_received_day and i.last_received_day
          and e.event_id <> all(${plainArray([...eventIds])}::uuid[]))`
  return new Set(rows.map(({ id }) => id))
}

/** Out of sight, its address leads to `into`; nothing of it is lost. */
export async function updateHidden(tx: Tx, issue: IssueRef, into: string): Promise<void> {
  await tx`
    update issues set status = ${STATUS.merging}
    where project_id = ${issue.projectId} and id = ${issue.id}`
  await recordRedirects(tx, { projectId: issue.projectId, id: into }, [issue])
}

/** In sight again as it was, unless what it was hidden in is being deleted. */
export async function updateShown(tx: Tx, issue: IssueRef, status: number): Promise<void> {
  const { count } = await tx`
    update issues set status = ${status}
    where project_id = ${issue.projectId} and id = ${issue.id} and status = ${STATUS.merging}
      and exists (
        select from issue_redirects r join issues t on t.project_id = r.project_id and t.id = r.issue_id
        where r.project_id = issues.project_id and r.old_issue_id = issues.id and t.status <> ${STATUS.deleting})`
  if (count === 0) return
  await tx`
    delete from issue_redirects where project_id = ${issue.projectId} and old_issue_id = ${issue.id}`
}

export type IssueName = { id: string; shortId: string; title: string }

export function listIssueNames(
  db: Db,
  projectId: string,
  issueIds: readonly string[],
): Promise<IssueName[]> {
  return db<IssueName[]>`
    select id, short_id, title from issues
    where project_id = ${projectId} and id = any(${[...issueIds]}::bigint[])`
}

/** Where the address of an issue that is gone or hidden leads. */
export async function findRedirect(db: Db, issue: IssueRef): Promise<string | null> {
  const [row] = await db<{ issueId: string }[]>`
    select issue_id from issue_redirects
    where project_id = ${issue.projectId} and old_issue_id = ${issue.id}`
  return row?.issueId ?? null
}
