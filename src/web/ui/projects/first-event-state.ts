import type { App } from "#app.ts"
import { findFirstIssue, listOutcomes } from "#projects/overview-store.ts"
import type { FirstEventState } from "./first-event.tsx"

const HOUR_MS = 3_600_000
/** A minute without an event: then the page says what the door saw. */
const PATIENCE_MS = 60_000

export async function firstEventState(
  app: Pick<App, "sql" | "clock">,
  project: { id: string; createdAt: Date },
  isAskedFor: boolean,
): Promise<FirstEventState> {
  const received = await findFirstIssue(app.sql, project.id)
  const now = app.clock.now()
  const isLate = isAskedFor || now.getTime() - project.createdAt.getTime() > PATIENCE_MS
  if (received || !isLate) return { received, outcomes: [], isLate }
  const since = new Date(now.getTime() - HOUR_MS)
  return { received, outcomes: await listOutcomes(app.sql, project.id, since), isLate }
}
