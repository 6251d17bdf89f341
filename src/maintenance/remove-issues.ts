import type { App } from "#app.ts"
import { deleteIssueEvents } from "#events/store.ts"
import { deleteIssueDetails, deleteIssues, listLeavingIssues } from "#issues/removal-store.ts"

/** Rows per statement: each is over in well under a second, and others get in between. */
const ROWS = 5_000
/** Issues whose rows are removed together. */
const ISSUES = 200

/** Removes the issues that somebody deleted or everybody forgot, with all that hangs on them; returns how many. */
export async function removeLeavingIssues(
  { sql }: Pick<App, "sql">,
  signal: AbortSignal,
): Promise<number> {
  let removed = 0
  while (!signal.aborted) {
    const issues = await listLeavingIssues(sql, ISSUES)
    if (issues.length === 0) break
    const days = issues.flatMap(({ firstDay, lastDay }) => [firstDay, lastDay]).sort()
    const range = { firstDay: days[0] ?? "", lastDay: days.at(-1) ?? "", limit: ROWS }
    while (!signal.aborted && (await deleteIssueEvents(sql, issues, range)) > 0);
    while (!signal.aborted && (await deleteIssueDetails(sql, issues, ROWS)) > 0);
    if (signal.aborted) break
    await sql.begin((tx) => deleteIssues(tx, issues))
    removed += issues.length
  }
  return removed
}
