import { type EventIssue, findEventIssues } from "#events/issue-of-event-store.ts"
import type { Tx } from "#platform/db.ts"
import type { Report } from "./report.ts"
import { type FeedbackRow, insertFeedback, recordUserReports } from "./store.ts"

/** A report and whose it is. `receivedAt` is milliseconds since 1970. */
export type ReceivedReport = Report & {
  projectId: string
  organizationId: string
  receivedAt: number
}

/** An event that is older cannot be reported on any more: whoever saw it has long gone. */
const REPORTED_WITHIN_MS = 30 * 60_000
const FIRST_LOOK_MS = 10_000

/**
 * Stores reports together with the issues of the events they are about, as far as these are here; `attachFeedback` finds the
 * others when they come. Tells of each whether it was kept: not when its event is too old, or has a report already that is
 * more than minutes old. Of several in one call about the same event the last one is what stays.
 */
export async function recordReports(
  tx: Tx,
  reports: readonly ReceivedReport[],
): Promise<boolean[]> {
  const issues = await findEventIssues(
    tx,
    reports.flatMap(({ projectId, eventId }) => (eventId ? [{ projectId, eventId }] : [])),
  )
  const rows = reports.map((report) => rowOf(report, issues))
  const isLate = (row: FeedbackRow) => {
    const event = row.kind === "user_report" ? issues.get(keyOf(row)) : undefined
    return event !== undefined && isTooOld(event, row.receivedAt)
  }
  const userReports = new Map(
    rows.flatMap((row) =>
      row.kind === "user_report" && !isLate(row) ? [[keyOf(row), row] as const] : [],
    ),
  )
  const sorted = [...userReports].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
  const kept = new Set((await recordUserReports(tx, sorted)).map(keyOf))
  await insertFeedback(
    tx,
    rows.filter((row) => row.kind === "feedback"),
  )
  return rows.map((row) => row.kind === "feedback" || (!isLate(row) && kept.has(keyOf(row))))
}

/** Whether it is too late to report on an event. */
function isTooOld(event: EventIssue, at: Date): boolean {
  return event.receivedAt.getTime() < at.getTime() - REPORTED_WITHIN_MS
}

function rowOf(report: ReceivedReport, issues: ReadonlyMap<string, EventIssue>): FeedbackRow {
  const issueId = issues.get(keyOf(report))?.issueId ?? null
  const isWaiting = report.eventId !== null && issueId === null
  return {
    ...report,
    receivedAt: new Date(report.receivedAt),
    issueId,
    lookAgainAt: isWaiting ? new Date(report.receivedAt + FIRST_LOOK_MS) : null,
  }
}

const keyOf = ({ projectId, eventId }: { projectId: string; eventId: string | null }) =>
  `${projectId}/${eventId}`
