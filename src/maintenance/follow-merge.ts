import type { App } from "#app.ts"
import { updateEventsIssue } from "#events/rewrite-store.ts"
import { updateFeedbackIssue } from "#feedback/store.ts"
import {
  deleteMergedIssue,
  type LeavingPair,
  listMerging,
  lockMerging,
  moveMergedDetails,
} from "#issues/moving/merge-store.ts"
import type { JobData } from "#jobs.ts"
import { deleteThreadSubjects } from "#mail/store.ts"
import type { Tx } from "#platform/db.ts"

/** Rows per transaction: each is over in a tenth of a second or two, and batches get in between. */
const EVENTS = 1_000
const DETAILS = 5_000

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
  /** As long as there is something; false when the pair is none any more. */
  const moveAll = async (move: (tx: Tx) => Promise<number>): Promise<boolean> => {
    while (!signal.aborted) {
      const moved = await sql.begin(async (tx) =>
        (await lockMerging(tx, pair)) ? await move(tx) : null,
      )
      if (moved === null) return false
      if (moved === 0) return true
    }
    return false
  }
  if (!(await moveAll((tx) => updateEventsIssue(tx, pair, EVENTS)))) return
  if (!(await moveAll((tx) => moveMergedDetails(tx, pair, DETAILS)))) return
  await sql.begin(async (tx) => {
    if (!(await lockMerging(tx, pair))) return
    await updateFeedbackIssue(tx, pair)
    await deleteThreadSubjects(tx, [pair])
    await deleteMergedIssue(tx, pair)
  })
}
