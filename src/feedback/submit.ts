import type { App } from "#app.ts"
import { AppError } from "#platform/errors.ts"
import { recordOutcomes } from "#stats/outcome-store.ts"
import { type Feedback, getUserReport } from "./read-store.ts"
import { recordReports } from "./record.ts"
import type { Report } from "./report.ts"

/**
 * Stores a report that somebody waits for, and counts it like one that came through the queue; returns it. Throws conflict
 * when its event is too old or was reported on before.
 */
export async function submitUserReport(
  { sql, clock }: Pick<App, "sql" | "clock">,
  owner: { projectId: string; organizationId: string; keyId: string },
  report: Report,
): Promise<Feedback> {
  const { projectId, organizationId, keyId } = owner
  const receivedAt = clock.now().getTime()
  return sql.begin(async (tx) => {
    const [isKept] = await recordReports(tx, [{ ...report, projectId, organizationId, receivedAt }])
    if (!isKept) throw new AppError("conflict", "Feedback for this event cannot be modified.")
    const counted = { category: "feedback", outcome: "accepted", reason: "", quantity: 1 }
    await recordOutcomes(tx, [{ projectId, keyId, receivedAt, ...counted }])
    return getUserReport(tx, { projectId, eventId: report.eventId ?? "" })
  }) as Promise<Feedback>
}
