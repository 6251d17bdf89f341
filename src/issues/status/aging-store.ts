import type { Tx } from "#platform/db.ts"
import { STATUS } from "../issue.ts"
import { calmedPrioritySql, FRESH_DAYS } from "./substatus-store.ts"

/** Issues moved in one transaction: short enough that a batch never waits long for them. */
const CHUNK = 1000

/**
 * What was new, back or escalating for a week is ongoing, with an activity each; what came back from the archive stands for review
 * no longer either. Returns the project of each.
 */
export async function updateOngoingIssues(tx: Tx, now: Date): Promise<string[]> {
  const aged = await tx<{ projectId: string }[]>`
    with due as (
      select i.project_id, i.id, i.substatus as was from issues i
      where i.status = ${STATUS.unresolved}
        and (i.substatus <> 'ongoing' or i.returned_at is not null)
        and case when i.substatus = 'new' then i.first_seen else i.active_at end
          <= ${now}::timestamptz - make_interval(days => ${FRESH_DAYS})
      order by i.project_id, i.id
      limit ${CHUNK}
      for no key update skip locked),
    aged as (
      update issues set substatus = 'ongoing', returned_at = null, priority = ${calmedPrioritySql(tx)}
      from due where issues.project_id = due.project_id and issues.id = due.id
      returning issues.project_id, issues.id, due.was),
    told as (
      insert into issue_activity (project_id, issue_id, type, data, created_at)
      select project_id, id, 'auto_set_ongoing', jsonb_build_object('after_days', ${FRESH_DAYS}::int), ${now}
      from aged where was <> 'ongoing' order by project_id, id)
    select project_id from aged`
  return aged.map(({ projectId }) => projectId)
}

/** Resolves what was not heard of for as long as its project says, with an activity each. Returns the project of each. */
export async function updateAutoResolved(tx: Tx, now: Date): Promise<string[]> {
  const resolved = await tx<{ projectId: string }[]>`
    with patience as (
      select id as project_id, (settings->>'resolveAgeHours')::int as hours from projects
      where status = 'active' and jsonb_typeof(settings->'resolveAgeHours') = 'number'
        and (settings->>'resolveAgeHours')::numeric between 1 and 8760),
    due as (
      select i.project_id, i.id, patience.hours from issues i join patience using (project_id)
      where i.status = ${STATUS.unresolved} and i.last_seen <= ${now}::timestamptz - make_interval(hours => hours)
      order by i.project_id, i.id
      limit ${CHUNK}
      for no key update of i skip locked),
    resolved as (
      update issues set status = ${STATUS.resolved}, substatus = null, archive_rule = null, returned_at = null,
        resolved_at = ${now}, auto_resolved_at = ${now}, resolved_by = null, resolution_type = null, resolved_release_id = null,
        resolved_seen_release_id = null, resolved_version = null,
        priority = ${calmedPrioritySql(tx)}
      from due where issues.project_id = due.project_id and issues.id = due.id
      returning issues.project_id, issues.id, due.hours)
    insert into issue_activity (project_id, issue_id, type, data, created_at)
    select project_id, id, 'set_resolved_by_age', jsonb_build_object('age', hours), ${now}
    from resolved order by project_id, id
    returning project_id`
  return resolved.map(({ projectId }) => projectId)
}

export const isLastChunk = (changed: readonly unknown[]) => changed.length < CHUNK
