import type { Db } from "#platform/db.ts"

export type EventIssue = { issueId: string; receivedAt: Date }

/**
 * The issues of these events, as far as they are stored, by `PROJECT/EVENT` (32 hex digits). Asks every day there is: for what
 * arrives now and then, not for every event.
 */
export async function findEventIssues(
  db: Db,
  events: readonly { projectId: string; eventId: string }[],
): Promise<Map<string, EventIssue>> {
  if (events.length === 0) return new Map()
  const rows = await db<(EventIssue & { projectId: string; eventId: string })[]>`
    select e.project_id, replace(e.event_id::text, '-', '') as event_id, e.issue_id, e.received_at
    from unnest(
      ${events.map((event) => event.projectId)}::bigint[], ${events.map((event) => event.eventId)}::uuid[]
    ) as wanted (project_id, event_id)
    join events e on e.project_id = wanted.project_id and e.event_id = wanted.event_id`
  return new Map(rows.map((row) => [`${row.projectId}/${row.eventId}`, row]))
}
