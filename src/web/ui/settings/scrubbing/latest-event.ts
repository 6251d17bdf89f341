import { findLatestEvent } from "#events/read-store.ts"
import { findLatestIssue } from "#issues/place-store.ts"
import type { Db } from "#platform/db.ts"

/** The last event of the issue that was seen last; null: the project has none. */
export async function findLatestEventId(
  db: Db,
  place: { organizationId: string; projectId: string },
): Promise<string | null> {
  const issue = await findLatestIssue(db, place)
  if (!issue) return null
  const { projectId, id: issueId, day } = issue
  const days = { firstReceivedDay: day, lastReceivedDay: day }
  const event = await findLatestEvent(db, { projectId, issueId, ...days })
  return event?.eventId ?? null
}
