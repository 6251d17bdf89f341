import type { App } from "#app.ts"
import { deleteBlobs } from "#attachments/delete-blobs.ts"
import { deleteEventAttachments } from "#attachments/store.ts"
import { deleteIssueEvents } from "#events/store.ts"
import { deleteIssueFeedback } from "#feedback/store.ts"
import {
  deleteIssueDetails,
  deleteIssues,
  listLeavingIssues,
  updateLeavingSources,
} from "#issues/moving/removal-store.ts"
import { deleteThreadSubjects } from "#mail/store.ts"

/** Rows per statement: each is over in well under a second, and others get in between. */
const ROWS = 5_000
/** Issues whose rows are removed together. */
const ISSUES = 200

/** Removes the issues that somebody deleted or everybody forgot, with all that hangs on them; returns how many. */
export async function removeLeavingIssues(
  app: Pick<App, "sql" | "blobs" | "log">,
  signal: AbortSignal,
): Promise<number> {
  const { sql } = app
  let removed = 0
  await sql.begin((tx) => updateLeavingSources(tx))
  while (!signal.aborted) {
    const issues = await listLeavingIssues(sql, ISSUES)
    if (issues.length === 0) break
    const days = issues.flatMap(({ firstDay, lastDay }) => [firstDay, lastDay]).sort()
    const range = { firstDay: days[0] ?? "", lastDay: days.at(-1) ?? "", limit: ROWS }
    while (!signal.aborted && (await removeEvents(app, issues, range)) > 0);
    if (!signal.aborted) await removeFeedback(app, issues)
    while (!signal.aborted && (await deleteIssueDetails(sql, issues, ROWS)) > 0);
    if (signal.aborted) break
    await sql.begin(async (tx) => {
      await deleteThreadSubjects(tx, issues)
      await deleteIssues(tx, issues)
    })
    removed += issues.length
  }
  return removed
}

type Issues = Parameters<typeof deleteIssueEvents>[1]
type Range = Parameters<typeof deleteIssueEvents>[2]

/** Events with their attachments; returns how many events went. */
async function removeEvents(
  app: Pick<App, "sql" | "blobs" | "log">,
  issues: Issues,
  range: Range,
): Promise<number> {
  const { events, keys } = await app.sql.begin(async (tx) => {
    const events = await deleteIssueEvents(tx, issues, range)
    return { events, keys: await deleteEventAttachments(tx, events) }
  })
  await deleteBlobs(app, keys)
  return events.length
}

async function removeFeedback(
  app: Pick<App, "sql" | "blobs" | "log">,
  issues: Issues,
): Promise<void> {
  const keys = await app.sql.begin(async (tx) =>
    deleteEventAttachments(tx, await deleteIssueFeedback(tx, issues)),
  )
  await deleteBlobs(app, keys)
}
