import type { App } from "#app.ts"
import { updateEventsIssue } from "#events/rewrite-store.ts"
import { updateFeedbackIssue } from "#feedback/store.ts"
import {
  deleteMergedIssue,
  type LeavingPair,
  listMerging,
  moveMergedDetails,
} from "#issues/moving/merge-store.ts"
import type { JobData } from "#jobs.ts"
import { deleteThreadSubjects } from "#mail/store.ts"

/** Rows per transaction: each is over in well under a second, and batches get in between. */
const ROWS = 5_000

/** Moves what hangs on merged issues to the one that stays, and removes them. Starting over goes on where it stood. */
export async function followMerge(
  app: Pick<App, "sql" | "log">,
  { projectId, issueId }: JobData<"follow-merge">,
  signal: AbortSignal,
): Promise<void> {
  const merging = await listMerging(app.sql, { projectId, id: issueId })
  for (const pair of merging) {
    await moveOne(app, pair, signal)
    signal.throwIfAborted()
  }
  if (merging.length > 0)
    app.log.info({ projectId, issueId, issues: merging.length }, "issues merged")
}

async function moveOne({ sql }: Pick<App, "sql">, pair: LeavingPair, signal: AbortSignal) {
  const move = () => sql.begin((tx) => moveMergedDetails(tx, pair, ROWS))
  while (!signal.aborted && (await updateEventsIssue(sql, pair, ROWS)) > 0);
  while (!signal.aborted && (await move()) > 0);
  if (signal.aborted) return
  await sql.begin(async (tx) => {
    await updateFeedbackIssue(tx, pair)
    await deleteThreadSubjects(tx, [pair])
    await deleteMergedIssue(tx, pair)
  })
}
