import type { App } from "#app.ts"
import { findEventIssues } from "#events/issue-of-event-store.ts"
import { lockWaitingFeedback, updateWaitingFeedback, type WaitingFeedback } from "./store.ts"

const ROWS = 500
const DAY_MS = 86_400_000
/** SDKs that were offline send their events late, but not that late. */
const GIVEN_UP_AFTER_MS = 30 * DAY_MS
const FIRST_PAUSE_MS = 10_000
const LAST_PAUSE_MS = 6 * 3_600_000

/**
 * Finds the issues of reports that came before their events. The line itself does not look, so that events cost nothing for it;
 * each report is looked at again after as long as it has waited already, and given up after a month.
 */
export async function attachFeedback({ sql, clock }: Pick<App, "sql" | "clock">): Promise<void> {
  const now = clock.now()
  await sql.begin(async (tx) => {
    const waiting = await lockWaitingFeedback(tx, now, ROWS)
    if (waiting.length === 0) return
    const issues = await findEventIssues(tx, waiting)
    const rows = waiting.map(({ projectId, id, eventId, receivedAt }) => {
      const issueId = issues.get(`${projectId}/${eventId}`)?.issueId ?? null
      return { projectId, id, issueId, lookAgainAt: issueId ? null : nextLook(receivedAt, now) }
    })
    await updateWaitingFeedback(tx, rows)
  })
}

function nextLook(receivedAt: WaitingFeedback["receivedAt"], now: Date): Date | null {
  const waitedMs = now.getTime() - receivedAt.getTime()
  if (waitedMs > GIVEN_UP_AFTER_MS) return null
  const pauseMs = Math.min(Math.max(waitedMs, FIRST_PAUSE_MS), LAST_PAUSE_MS)
  return new Date(now.getTime() + pauseMs)
}
