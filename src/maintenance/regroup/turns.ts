import { setImmediate as nextTurn } from "node:timers/promises"

/** How long a job works before others of the process get their turn. */
const TURN_MS = 3

/** Works through a list in short turns, so that batches of events and tasks beside it hardly notice. */
export async function mapInTurns<T, R>(values: readonly T[], work: (value: T) => R): Promise<R[]> {
  const results: R[] = []
  let turnEnds = performance.now() + TURN_MS
  for (const value of values) {
    results.push(work(value))
    if (performance.now() < turnEnds) continue
    await nextTurn()
    turnEnds = performance.now() + TURN_MS
  }
  return results
}
