import type { NormalizedEvent } from "#normalize/event.ts"
import type { Db } from "#platform/db.ts"
import { AppError } from "#platform/errors.ts"
import type { Scraping, Symbolication } from "#symbolication/symbolication.ts"
import { countKnownFrames } from "#symbolication/traces.ts"

/** Nobody waits for this but a task. */
const WITHIN_MS = 25_000
/** One question to the thread, which batches of new events ask as well. */
const EVENTS_AT_ONCE = 50

/**
 * Stored events with what source maps know now; an event of which they know no more than before comes back itself. Throws unavailable
 * when a map cannot be read in time.
 */
export async function mapAgain(
  symbolication: Symbolication,
  db: Db,
  projectId: string,
  events: readonly NormalizedEvent[],
  scraping: Scraping = "never",
): Promise<NormalizedEvent[]> {
  await symbolication.learn(db, [projectId])
  const changed = [...events]
  const concerned = [...events.entries()].filter(([, event]) =>
    symbolication.concerns(projectId, event),
  )
  for (let start = 0; start < concerned.length; start += EVENTS_AT_ONCE) {
    const some = concerned.slice(start, start + EVENTS_AT_ONCE)
    const mapped = await symbolication.map(
      db,
      some.map(([, event]) => ({ projectId, event })),
      WITHIN_MS,
      scraping,
    )
    for (const [n, [index, before]] of some.entries()) {
      const result = mapped[n]
      if (!result || result.isLate)
        throw new AppError("unavailable", "Source maps were not read in time.")
      // What was uploaded then may be gone now: nothing gets worse.
      const gained = countKnownFrames(result.event) - countKnownFrames(before)
      if (gained > 0) changed[index] = result.event
      else if (gained === 0 && scraping !== "never") changed[index] = withNews(before, result.event)
    }
  }
  return changed
}

/** Why nothing came of fetching is worth telling, once. */
function withNews(before: NormalizedEvent, { errors }: NormalizedEvent): NormalizedEvent {
  if (errors === undefined || Bun.deepEquals(before.errors, errors)) return before
  return { ...before, errors }
}
