import { setImmediate as nextTurn } from "node:timers/promises"
import type { NormalizedEvent } from "#normalize/event.ts"
import { messageOf } from "#platform/errors.ts"
import type { MappedEvent } from "#symbolication/symbolicate.ts"
import { failureOf } from "./failures.ts"
import type { Line } from "./line.ts"

/** An event that may have source maps; `finish` or `fail` is called for each. */
export type WaitingEvent = {
  projectId: string
  event: NormalizedEvent
  finish(event: NormalizedEvent, isLate: boolean): void
  fail(error: string): void
}

/** A batch never waits longer for source maps: a large one that nobody has open takes a second. */
const WITHIN_MS = 2_000
const EVENTS_PER_TURN = 20

/** Finds the original places of all events of a batch that have uploads behind them, and lets each go on. */
export async function mapWaiting(line: Line, waiting: readonly WaitingEvent[]): Promise<void> {
  if (waiting.length === 0) return
  const mapped = await mapOrLeave(line, waiting)
  const late = mapped.filter(({ isLate }) => isLate).length
  if (late > 0) line.log.warn({ events: late }, "source maps were not read in time")
  for (const [index, { event, finish, fail }] of waiting.entries()) {
    const result = mapped[index] ?? { event, isLate: true }
    try {
      finish(result.event, result.isLate || result.mustFetch === true)
    } catch (error) {
      line.log.error({ err: error }, "message could not be prepared")
      fail(messageOf(error))
    }
    if (index % EVENTS_PER_TURN === EVENTS_PER_TURN - 1) await nextTurn()
  }
}

/** Without PostgreSQL the batch waits as it does everywhere; any other failure costs the source maps, not the events. */
async function mapOrLeave(line: Line, waiting: readonly WaitingEvent[]): Promise<MappedEvent[]> {
  try {
    return await line.symbolication.map(line.sql, waiting, WITHIN_MS, "later")
  } catch (error) {
    const failure = failureOf(error)
    if (failure === "unavailable" && isOfDatabase(error)) throw error
    line.log.error({ err: error }, "source maps could not be applied")
    return []
  }
}

/** Our own mistakes have no code, or one of the language. */
const isOfDatabase = (error: unknown) =>
  error instanceof Error && "code" in error && !String(error.code).startsWith("ERR_")
