import type { Db } from "#platform/db.ts"

/** An event with its payload as stored: codec byte and body. */
export type SampledEvent = {
  issueId: string
  eventId: string
  payload: Uint8Array
}

const ISSUES = 20
const EVENTS_OF_EACH = 5

/**
 * The newest events of issues that were seen last in a release, on the last day of each: a look that costs the same however many
 * there are. Of JavaScript, whose files have maps.
 */
export function listReleaseSample(
  db: Db,
  { projectIds, releaseId }: { projectIds: readonly string[]; releaseId: string },
) {
  return db<SampledEvent[]>`
    with seen as materialized (
      select i.project_id, i.id, i.last_received_day from issues i
      where i.last_release_id = ${releaseId} and i.project_id = any(${[...projectIds]}::bigint[])
        and i.platform in ('javascript', 'node') and i.status <= 2
      order by i.last_seen desc limit ${ISSUES})
    select newest.issue_id, replace(newest.event_id::text, '-', '') as event_id, newest.payload
    from seen cross join lateral (
      select e.issue_id, e.event_id, e.release_id, e.payload from events e
      where e.project_id = seen.project_id and e.issue_id = seen.id and e.received_day = seen.last_received_day
      order by e.received_at desc limit ${EVENTS_OF_EACH}) newest
    where newest.release_id = ${releaseId}`
}
