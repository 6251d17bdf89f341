import type { IngestQueue } from "#platform/queue/queue.ts"
import { timeOfId } from "#platform/queue/record.ts"
import type { Line } from "./line.ts"
import { asDead } from "./prepare/dead.ts"
import { prepare } from "./prepare/prepare.ts"
import type { Prepared } from "./prepare/prepared.ts"
import { save } from "./save.ts"

const AT_ONCE = { max: 500, maxBytes: 8 * 1024 * 1024, waitMs: 2_000 }

/**
 * Throws away what waits in the queue, up to what comes while it works. Every item ends as discarded, so that what was received
 * still adds up, and what comes again has no effect. Returns the number of messages; those in another worker's hands are not
 * among them.
 */
export async function purge(line: Line, queue: IngestQueue, signal: AbortSignal): Promise<number> {
  const startedAt = line.clock.now()
  let purged = 0
  for (let isOver = false; !isOver; ) {
    const batch = await queue.take({ ...AT_ONCE, signal })
    if (!batch) break
    const prepared = await prepare(line, batch.records)
    await save(line, prepared.map(asDiscarded), batch.commit)
    await batch.acknowledge()
    purged += batch.records.length
    isOver = batch.records.some(({ id }) => timeOfId(id) > startedAt)
  }
  return purged
}

function asDiscarded(prepared: Prepared): Prepared {
  const { dead, ...rest } = prepared.dead ? prepared : asDead(prepared, "")
  const endings = Object.entries(dead?.items ?? {}).map(([category, quantity]) => ({
    category,
    quantity,
    outcome: "discarded",
    reason: "purged",
  }))
  return { ...rest, endings, dead: null }
}
