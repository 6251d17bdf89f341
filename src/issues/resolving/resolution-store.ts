import type { Db, Tx } from "#platform/db.ts"
import type { Changed } from "../actions/store.ts"
import { type IssueRef, STATUS } from "../issue.ts"
import { calmedPrioritySql } from "../status/substatus-store.ts"
import type { ResolutionType } from "./resolution.ts"

export type StoredResolution = {
  type?: ResolutionType
  releaseId?: string | undefined
  seenReleaseId?: string | undefined
  /** That does not exist yet. */
  version?: string
}

/** Returns those that were not resolved in just this way before. */
export function updateResolved(
  db: Db,
  issues: readonly IssueRef[],
  resolution: StoredResolution & { by: string | null; at: Date },
) {
  const { by, at, type = null, releaseId = null, seenReleaseId = null, version = null } = resolution
  return db<Changed[]>`
    update issues set status = ${STATUS.resolved}, substatus = null, archive_rule = null,
      resolved_at = ${at}, resolved_by = ${by}, resolution_type = ${type}, resolved_release_id = ${releaseId},
      resolved_seen_release_id = ${seenReleaseId}, resolved_version = ${version}, priority = ${calmedPrioritySql(db)}
    where (project_id, id) in (select * from ${pairs(db, issues)})
      and (status <> ${STATUS.resolved} or resolution_type is distinct from ${type}
        or resolved_release_id is distinct from ${releaseId} or resolved_version is distinct from ${version})
    returning project_id, id`
}

/** Of each issue the greatest version and the newest release in which it was seen; issues without a release are missing. */
export function listSeenReleases(db: Db, issues: readonly IssueRef[]) {
  return db<{ issueId: string; greatestId: string; newestId: string }[]>`
    select i.id as issue_id,
      (array_agg(r.id order by r.version_order desc nulls last, r.came_at desc, r.id desc))[1] as greatest_id,
      (array_agg(r.id order by r.came_at desc, r.id desc))[1] as newest_id
    from issues i
    cross join lateral (
      -- Counted some seconds late, so the first and the last one are asked for as well.
      select v.value as version from issue_tag_values v
      where v.project_id = i.project_id and v.issue_id = i.id and v.key = 'release'
      union
      select version from releases where id in (i.first_release_id, i.last_release_id)) seen
    join releases r on r.organization_id = i.organization_id and r.version = seen.version
    where (i.project_id, i.id) in (select * from ${pairs(db, issues)})
    group by i.id`
}

export async function insertIssueCommits(db: Db, issues: readonly IssueRef[], commitId: string) {
  await db`
    insert into issue_commits (project_id, issue_id, commit_id)
    select project_id, id, ${commitId} from ${pairs(db, issues)}
    on conflict do nothing`
}

/** Who reopens an issue says that no commit fixed it. */
export async function deleteIssueCommits(db: Db, issues: readonly IssueRef[]) {
  await db`
    delete from issue_commits where (project_id, issue_id) in (select * from ${pairs(db, issues)})`
}

/**
 * Issues of a project that were resolved in "the next release", or in a version that did not exist yet, are resolved in this one
 * when it is that. Their activity then says its name.
 */
export async function updatePendingResolutions(
  tx: Tx,
  { projectId, releaseId }: { projectId: string; releaseId: string },
): Promise<number> {
  const settled = await tx<{ id: string }[]>`
    with pending as (
      select i.project_id, i.id from issues i
      join releases came on came.id = ${releaseId}
      left join releases known on known.id = i.resolved_release_id
      where i.project_id = ${projectId} and i.status = ${STATUS.resolved}
        and ((i.resolution_type = 'in_next_release' and came.id is distinct from known.id
            and came.id is distinct from i.resolved_seen_release_id
            and (known.id is null or known.created_at < came.created_at))
          or (i.resolution_type = 'in_future_release' and i.resolved_version = came.version))
      order by i.project_id, i.id
      for no key update of i)
    update issues i set resolution_type = 'in_release', resolved_release_id = ${releaseId}, resolved_version = null
    from pending where i.project_id = pending.project_id and i.id = pending.id
    returning i.id`
  if (settled.length === 0) return 0
  await tx`
    update issue_activity a set data = a.data || jsonb_build_object('version', (select version from releases where id = ${releaseId}))
    where a.project_id = ${projectId} and a.id in (
      select max(id) from issue_activity
      where project_id = ${projectId} and issue_id = any(${settled.map(({ id }) => id)}::bigint[])
        and type = 'set_resolved_in_release'
      group by issue_id)`
  return settled.length
}

function pairs(db: Db, issues: readonly IssueRef[]) {
  const projects = issues.map((issue) => issue.projectId)
  const ids = issues.map((issue) => issue.id)
  return db`unnest(${projects}::bigint[], ${ids}::bigint[]) as pairs (project_id, id)`
}
