import type { App } from "#app.ts"
import { findEventIssues } from "#events/issue-of-event-store.ts"
import { listVerdicts, type StoredVerdict } from "#stats/verdict-store.ts"

/** What became of an event: where it is stored, and what else happened to its items. */
export type EventFate = {
  stored: { projectId: string; issueId: string; receivedAt: Date } | null
  /** Newest first. */
  verdicts: StoredVerdict[]
}

const MAX_VERDICTS = 20

/** Looks for an event by its id, 32 hex digits, in these projects. */
export async function findEventFate(
  app: Pick<App, "sql">,
  projectIds: readonly string[],
  eventId: string,
): Promise<EventFate> {
  const page = { limit: MAX_VERDICTS, offset: 0 }
  const [issues, verdicts] = await Promise.all([
    findEventIssues(
      app.sql,
      projectIds.map((projectId) => ({ projectId, eventId })),
    ),
    listVerdicts(app.sql, { projectIds, eventId }, page),
  ])
  const [found] = issues
  if (!found) return { stored: null, verdicts }
  const [place, issue] = found
  return { stored: { projectId: place.split("/")[0] ?? "", ...issue }, verdicts }
}
