import type { App } from "#app.ts"
import { type EventIssue, findEventIssues } from "#events/issue-of-event-store.ts"
import { type FeedbackPlace, listFeedbackPlaces } from "#feedback/read-store.ts"
import { listVerdicts, type StoredVerdict } from "#stats/verdict-store.ts"

/** What became of an id: where it is stored, as an event or as feedback, and what else happened to its items. */
export type EventFate = {
  event: (EventIssue & { projectId: string }) | null
  /** Newest first, like the verdicts. */
  feedback: FeedbackPlace[]
  verdicts: StoredVerdict[]
}

const MAX_FEEDBACK = 20
const MAX_VERDICTS = 20

/** Looks for an event by its id, 32 hex digits, in these projects. */
export async function findEventFate(
  app: Pick<App, "sql">,
  projectIds: readonly string[],
  eventId: string,
): Promise<EventFate> {
  const page = { limit: MAX_VERDICTS, offset: 0 }
  const [issues, feedback, verdicts] = await Promise.all([
    findEventIssues(
      app.sql,
      projectIds.map((projectId) => ({ projectId, eventId })),
    ),
    listFeedbackPlaces(app.sql, { projectIds, eventId }, MAX_FEEDBACK),
    listVerdicts(app.sql, { projectIds, eventId }, page),
  ])
  const [found] = issues
  if (!found) return { event: null, feedback, verdicts }
  const [place, issue] = found
  return { event: { projectId: place.split("/")[0] ?? "", ...issue }, feedback, verdicts }
}

/** Whether nothing of that id is stored, and nobody can say why. */
export function isUnknown({ event, feedback, verdicts }: EventFate): boolean {
  return !event && verdicts.length === 0 && feedback.every(({ isAbout }) => isAbout)
}
