import type { App } from "#app.ts"
import { listStrayEvents } from "#events/rewrite-store.ts"
import { findIssueDays } from "#issues/moving/hash-store.ts"
import { updateAfterLoss } from "#issues/moving/move-store.ts"
import type { JobData } from "#jobs.ts"
import { searchTagsOf, tagsOf } from "#normalize/event-tags.ts"
import { updateChangeSeq } from "#projects/intake-store.ts"
import { storedEvent } from "./decide-event.ts"
import { type Move, moveEvents } from "./move-events.ts"
import { mapInTurns } from "./turns.ts"

/** Events that are opened and moved together. */
const ROWS = 500

/** Events of an issue go where their hashes lead. Starting over goes on where it stood. */
export async function followHashes(
  app: Pick<App, "sql" | "clock">,
  { projectId, issueId }: JobData<"follow-hashes">,
  signal: AbortSignal,
): Promise<void> {
  const issue = await findIssueDays(app.sql, { projectId, id: issueId })
  if (!issue) return
  while (true) {
    signal.throwIfAborted()
    const rows = await listStrayEvents(app.sql, issue, ROWS)
    if (rows.length === 0) break
    const moves = await mapInTurns(rows, (row): Move => {
      const { into, hashId, title } = row
      const event = storedEvent(row)
      const tags = searchTagsOf(event, tagsOf(event))
      return { row, tags, into, intoHash: hashId, title, payload: null }
    })
    const flows = await app.sql.begin((tx) => moveEvents(tx, moves))
    // Their new issue is leaving, too: what removes it takes them along.
    if (flows.length === 0) break
  }
  await app.sql.begin(async (tx) => {
    await updateAfterLoss(tx, projectId, issueId)
    await updateChangeSeq(tx, [{ projectId, firstEventAt: app.clock.now() }])
  })
}
