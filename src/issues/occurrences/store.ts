import type { Db, Tx } from "#platform/db.ts"
import { plainArray } from "#platform/plain-array.ts"
import { type ArchiveRule, STATUS } from "../issue.ts"
import type { ResolutionType } from "../resolving/resolution.ts"
import { priorityOf } from "../status/priority.ts"
import { MAX_USERS_COUNTED } from "./occurrence.ts"
import { isPlaceholder, type TouchedIssue } from "./tally.ts"

/** A hash and where it leads. A hash whose issue is gone, or on its way out, leads nowhere. */
export type HashRow = {
  id: string
  projectId: string
  hash: string
  issueId: string | null
  isDiscarded: boolean
}

type HashKey = { projectId: string; hash: string }

/** Issues that take no more events. */
const LEAVING = [STATUS.deleting, STATUS.merging]

export async function findHashes(db: Db, keys: HashKey[]): Promise<HashRow[]> {
  return await db<HashRow[]>`
    select h.id, h.project_id, h.hash, i.id as issue_id, h.is_discarded
    from unnest(${plainArray(keys.map((key) => key.projectId))}::bigint[], ${plainArray(keys.map((key) => key.hash))}::text[])
      as wanted (project_id, hash)
    join issue_hashes h on h.project_id = wanted.project_id and h.hash = wanted.hash
    left join issues i
      on i.project_id = h.project_id and i.id = h.issue_id and i.status <> all(${LEAVING}::int[])`
}

/** Makes the rows that are missing and locks all of them. */
export async function recordHashes(tx: Tx, keys: HashKey[]): Promise<HashRow[]> {
  const projectIds = keys.map((key) => key.projectId)
  const hashes = keys.map((key) => key.hash)
  await tx`
    insert into issue_hashes (project_id, hash)
    select project_id, hash
    from unnest(${projectIds}::bigint[], ${hashes}::text[]) as wanted (project_id, hash)
    order by project_id, hash
    on conflict do nothing`
  await tx`
    select from issue_hashes
    where (project_id, hash) in (select * from unnest(${projectIds}::bigint[], ${hashes}::text[]))
    order by project_id, hash
    for update`
  // A second statement, for its newer snapshot: the lock may have waited for somebody who made the issue.
  return findHashes(tx, keys)
}

/**
 * Numbers for the new issues: how many each project asked for and the last one it was given. A counter that is behind, after half
 * a restore maybe, goes on from the greatest number of an issue.
 */
export async function takeShortIds(tx: Tx, counts: Map<string, number>) {
  const rows = await tx<{ projectId: string; last: string }[]>`
    insert into project_counters as counter (project_id, last_short_id)
    select project_id, taken + coalesce((select max(i.short_id) from issues i where i.project_id = asked.project_id), 0)
    from unnest(${[...counts.keys()]}::bigint[], ${[...counts.values()]}::bigint[]) as asked (project_id, taken)
    order by project_id
    on conflict (project_id) do update set last_short_id = excluded.last_short_id + greatest(0, counter.last_short_id
      - coalesce((select max(i.short_id) from issues i where i.project_id = counter.project_id), 0))
    returning project_id, last_short_id as last`
  return new Map(
    rows.map(({ projectId, last }) => [projectId, { last, count: counts.get(projectId) ?? 0 }]),
  )
}

/** Ids of the new issues by `PROJECT/SHORT ID`. Their counters already hold this batch. */
export async function insertIssues(
  tx: Tx,
  drafts: { ref: TouchedIssue; shortId: string }[],
): Promise<Map<string, string>> {
  const column = <T>(read: (ref: TouchedIssue) => T) => drafts.map(({ ref }) => read(ref))
  const rows = await tx<{ projectId: string; shortId: string; id: string }[]>`
    insert into issues (
      project_id, organization_id, short_id, status, substatus, type, level, platform, logger, title, culprit,
      metadata, priority, is_unhandled, times_seen, users_seen, first_seen, last_seen, active_at,
      first_received_day, last_received_day, first_release_id, last_release_id)
    select project_id, organization_id, short_id, 0, 'new', type, level, platform, logger, title, culprit,
      metadata::jsonb, priority, is_unhandled, times_seen, users_seen, first_seen, last_seen, first_seen,
      first_day, last_day, first_release_id, last_release_id
    from unnest(
      ${plainArray(column((ref) => ref.projectId))}::bigint[],
      ${column((ref) => ref.tally.first.organizationId)}::bigint[],
      ${drafts.map((draft) => draft.shortId)}::bigint[],
      ${column((ref) => ref.tally.first.type)}::text[],
      ${column((ref) => ref.tally.latest.level)}::int[],
      ${column((ref) => ref.tally.first.platform)}::text[],
      ${column((ref) => ref.tally.first.logger)}::text[],
      ${column((ref) => ref.tally.latest.title)}::text[],
      ${column((ref) => ref.tally.latest.culprit)}::text[],
      ${column((ref) => JSON.stringify(ref.tally.latest.metadata))}::text[],
      ${column((ref) => priorityOf(ref.tally.latest.level))}::int[],
      ${plainArray(column((ref) => ref.tally.latest.isUnhandled))}::boolean[],
      ${column((ref) => ref.tally.occurrences.length)}::bigint[],
      ${column((ref) => Math.min(ref.tally.users.size, MAX_USERS_COUNTED))}::int[],
      ${column((ref) => isoOf(ref.tally.firstSeen))}::timestamptz[],
      ${column((ref) => isoOf(ref.tally.lastSeen))}::timestamptz[],
      ${column((ref) => ref.tally.firstDay)}::date[],
      ${column((ref) => ref.tally.lastDay)}::date[],
      ${column((ref) => ref.tally.first.releaseId)}::bigint[],
      ${column((ref) => ref.tally.latestReleaseId)}::bigint[]
    ) as draft (project_id, organization_id, short_id, type, level, platform, logger, title, culprit, metadata,
      priority, is_unhandled, times_seen, users_seen, first_seen, last_seen, first_day, last_day,
      first_release_id, last_release_id)
    returning project_id, short_id, id`
  return new Map(rows.map((row) => [`${row.projectId}/${row.shortId}`, row.id]))
}

export async function updateHashIssues(
  tx: Tx,
  rows: { projectId: string; hash: string; issueId: string }[],
): Promise<void> {
  await tx`
    update issue_hashes h set issue_id = attached.issue_id
    from unnest(
      ${plainArray(rows.map((row) => row.projectId))}::bigint[],
      ${plainArray(rows.map((row) => row.hash))}::text[],
      ${plainArray(rows.map((row) => row.issueId))}::bigint[]
    ) as attached (project_id, hash, issue_id)
    where h.project_id = attached.project_id and h.hash = attached.hash`
}

/** An issue as it was before the batch, locked. */
export type LockedIssue = {
  id: string
  projectId: string
  status: number
  title: string
  culprit: string
  timesSeen: string
  lastSeen: Date
  usersSeen: number
  archiveRule: ArchiveRule | null
  resolutionType: ResolutionType | null
  resolvedReleaseId: string | null
  resolvedSeenReleaseId: string | null
  resolvedVersion: string | null
}

/** Locks issues in the order of their keys; those that are gone or leaving are missing from the answer. */
export async function lockIssues(tx: Tx, refs: TouchedIssue[]): Promise<LockedIssue[]> {
  if (refs.length === 0) return []
  return await tx<LockedIssue[]>`
    select id, project_id, status, title, culprit, times_seen, last_seen, users_seen, archive_rule, resolution_type, resolved_release_id,
      resolved_seen_release_id, resolved_version
    from issues
    where (project_id, id) in (select * from unnest(
      ${plainArray(refs.map((ref) => ref.projectId))}::bigint[], ${plainArray(refs.map((ref) => ref.issueId))}::bigint[]))
      and status <> all(${LEAVING}::int[])
    order by project_id, id
    for no key update`
}

/** Remembers who was hit; returns the number of new users by issue id. */
export async function recordIssueUsers(
  tx: Tx,
  rows: { projectId: string; issueId: string; userHash: string }[],
): Promise<Map<string, number>> {
  const added = await tx<{ issueId: string; users: number }[]>`
    with added as (
      insert into issue_users (project_id, issue_id, user_hash)
      select project_id, issue_id, user_hash
      from unnest(
        ${plainArray(rows.map((row) => row.projectId))}::bigint[],
        ${plainArray(rows.map((row) => row.issueId))}::bigint[],
        ${plainArray(rows.map((row) => row.userHash))}::bigint[]
      ) as hit (project_id, issue_id, user_hash)
      order by project_id, issue_id, user_hash
      on conflict do nothing
      returning issue_id)
    select issue_id, count(*)::int as users from added group by issue_id`
  return new Map(added.map((row) => [row.issueId, row.users]))
}

export async function recordIssueHours(tx: Tx, refs: TouchedIssue[]): Promise<void> {
  const rows = refs.flatMap(({ projectId, issueId, tally }) =>
    [...tally.hours].map(([key, events]) => {
      const [environmentId = "", hour = ""] = key.split("/")
      return { projectId, issueId, environmentId, hour: isoOf(Number(hour)), events }
    }),
  )
  await tx`
    insert into issue_hours as total (project_id, issue_id, environment_id, hour, events)
    select project_id, issue_id, environment_id, hour, events
    from unnest(
      ${plainArray(rows.map((row) => row.projectId))}::bigint[],
      ${plainArray(rows.map((row) => row.issueId))}::bigint[],
      ${plainArray(rows.map((row) => row.environmentId))}::bigint[],
      ${plainArray(rows.map((row) => row.hour))}::timestamptz[],
      ${plainArray(rows.map((row) => row.events))}::int[]
    ) as counted (project_id, issue_id, environment_id, hour, events)
    order by project_id, issue_id, environment_id, hour
    on conflict (project_id, issue_id, environment_id, hour)
    do update set events = total.events + excluded.events`
}

/** Adds the batch to issues that are locked. */
export async function updateIssueCounters(
  tx: Tx,
  refs: TouchedIssue[],
  before: Map<string, LockedIssue>,
  newUsers: Map<string, number>,
): Promise<void> {
  if (refs.length === 0) return
  const column = <T>(read: (ref: TouchedIssue) => T) => refs.map(read)
  await tx`
    update issues i set
      times_seen = i.times_seen + batch.events,
      users_seen = least(${MAX_USERS_COUNTED}, i.users_seen + batch.new_users),
      first_seen = least(i.first_seen, batch.first_seen),
      last_seen = greatest(i.last_seen, batch.last_seen),
      first_received_day = least(i.first_received_day, batch.first_day),
      last_received_day = greatest(i.last_received_day, batch.last_day),
      level = batch.level,
      is_unhandled = batch.is_unhandled,
      last_release_id = coalesce(batch.last_release_id, i.last_release_id),
      title = coalesce(batch.title, i.title),
      culprit = case when batch.title is null then i.culprit else batch.culprit end,
      metadata = case when batch.title is null then i.metadata else i.metadata || batch.metadata::jsonb end
    from unnest(
      ${plainArray(column((ref) => ref.projectId))}::bigint[],
      ${plainArray(column((ref) => ref.issueId))}::bigint[],
      ${column((ref) => ref.tally.occurrences.length)}::int[],
      ${column((ref) => newUsers.get(ref.issueId) ?? 0)}::int[],
      ${column((ref) => isoOf(ref.tally.firstSeen))}::timestamptz[],
      ${column((ref) => isoOf(ref.tally.lastSeen))}::timestamptz[],
      ${column((ref) => ref.tally.firstDay)}::date[],
      ${column((ref) => ref.tally.lastDay)}::date[],
      ${column((ref) => ref.tally.latest.level)}::int[],
      ${plainArray(column((ref) => ref.tally.latest.isUnhandled))}::boolean[],
      ${column((ref) => ref.tally.latestReleaseId)}::bigint[],
      ${column((ref) => newTitle(ref, before))}::text[],
      ${column((ref) => ref.tally.latest.culprit)}::text[],
      ${column((ref) => (newTitle(ref, before) ? JSON.stringify(ref.tally.latest.metadata) : null))}::text[]
    ) as batch (project_id, id, events, new_users, first_seen, last_seen, first_day, last_day, level,
      is_unhandled, last_release_id, title, culprit, metadata)
    where i.project_id = batch.project_id and i.id = batch.id`
}

/** null: title, culprit and metadata stay. */
function newTitle(
  { issueId, tally }: TouchedIssue,
  before: Map<string, LockedIssue>,
): string | null {
  const old = before.get(issueId)
  const { title, culprit } = tally.latest
  if (!old || (old.title === title && old.culprit === culprit)) return null
  return isPlaceholder(title) && !isPlaceholder(old.title) ? null : title
}

/** Texts of new issues, and of known ones whose text is older than a minute: each costs a hundred index entries. */
export async function recordIssueTexts(
  tx: Tx,
  rows: { projectId: string; issueId: string; searchText: string }[],
): Promise<void> {
  if (rows.length === 0) return
  await tx`
    insert into issue_texts (project_id, issue_id, search_text)
    select project_id, issue_id, search_text
    from unnest(
      ${plainArray(rows.map((row) => row.projectId))}::bigint[],
      ${plainArray(rows.map((row) => row.issueId))}::bigint[],
      ${rows.map((row) => row.searchText)}::text[]
    ) as latest (project_id, issue_id, search_text)
    where not exists (
      select from issue_texts known
      where known.project_id = latest.project_id and known.issue_id = latest.issue_id
        and (known.updated_at > now() - interval '1 minute' or known.search_text = latest.search_text))
    order by project_id, issue_id
    on conflict (project_id, issue_id)
    do update set search_text = excluded.search_text, updated_at = excluded.updated_at`
}

export const isoOf = (ms: number) => new Date(ms).toISOString()
