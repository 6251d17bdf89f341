import { periodOf } from "#issues/stream/period.ts"

/** The last 14 days as the reader's zone has them, today included. */
export const lastDays = (now: Date, zone: string) => periodOf("14d", now, zone).starts

/** Events by day from those by hour; an hour that two days share counts for the one in which it began. */
export function eventsByDay(
  starts: readonly Date[],
  hours: readonly { hour: Date; events: number }[],
): number[] {
  const counts = starts.map(() => 0)
  for (const { hour, events } of hours) {
    const index = starts.findLastIndex((start) => start <= hour)
    if (index >= 0) counts[index] = (counts[index] ?? 0) + events
  }
  return counts
}
