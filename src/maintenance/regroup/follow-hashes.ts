import type { App } from "#app.ts"
import { listStrayEvents } from "#events/rewrite-store.ts"
import { updateLeaving } from "#issues/moving/deleting-store.ts"
import { findIssueDays } from "#issues/moving/hash-store.ts"
import { findRedirect, listEmptyIssues } from "#issues/moving/merge-store.ts"
import { lockMovable, updateAfterLoss } from "#issues/moving/move-store.ts"
import type { JobData } from "#jobs.ts"
import { searchTagsOf, tagsOf } from "#normalize/event-tags.ts"
import type { Tx } from "#platform/db.ts"
import { updateChangeSeq } from "#projects/intake-store.ts"
import { storedEvent } from "./decide-event.ts"
import { mergeInto } from "./merge-into.ts"
import { type Move, moveEvents } from "./move-events.ts"
import { mapInTurns } from "./turns.ts"

/** Events that are opened and moved together. */
const ROWS = 500

/** Looks in a row that found events and could move none: what removes or merges their new issue takes them along. */
const MAX_IDLE = 3

/**
 * Events of an issue go where their hashes lead. Starting over goes on where it stood. `into` is the issue that was made for the hashes:
 * when nothing came there after all, as other rules have taken the events elsewhere, it goes back to where it came from.
 */
export async function followHashes(
  app: Pick<App, "sql" | "clock" | "tasks">,
  { projectId, issueId, into: made }: JobData<"follow-hashes">,
  signal: AbortSignal,
): Promise<void> {
  const issue = await findIssueDays(app.sql, { projectId, id: issueId })
  for (let idle = 0; issue && idle < MAX_IDLE; ) {
    signal.throwIfAborted()
    const rows = await listStrayEvents(app.sql, issue, ROWS)
    if (rows.length === 0) break
    const moves = await mapInTurns(rows, (row): Move => {
      const { into, hashId, title } = row
      const event = storedEvent(row)
      const tags = searchTagsOf(event, tagsOf(event))
      return { row, tags, into, intoHash: hashId, title, payload: null }
    })
    const { flows } = await app.sql.begin((tx) => moveEvents(tx, moves))
    idle = flows.length === 0 ? idle + 1 : 0
  }
  if (made !== undefined) {
    await app.sql.begin((tx) => takeBackEmpty(app, tx, { projectId, id: made, into: issueId }))
  }
  await app.sql.begin(async (tx) => {
    await updateAfterLoss(tx, projectId, issueId)
    await updateChangeSeq(tx, [{ projectId, firstEventAt: app.clock.now() }])
  })
}

/** Where the issue that it came from is gone, too, it goes without a trace. */
async function takeBackEmpty(
  app: Pick<App, "tasks">,
  tx: Tx,
  { projectId, id, into }: { projectId: string; id: string; into: string },
): Promise<void> {
  const target = (await findRedirect(tx, { projectId, id: into })) ?? into
  const staying = await lockMovable(tx, projectId, [id, target])
  const empty = await listEmptyIssues(tx, projectId, [id])
  if (empty.length === 0) return
  if (staying.has(target)) await mergeInto(app, tx, { projectId, id, into: target })
  else await updateLeaving(tx, [{ projectId, id }])
}
