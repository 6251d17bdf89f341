const HOUR_MS = 3_600_000
const OPENING_HOURS = 24

/** Events are counted by whole UTC hours: those on either side of the one in which something happened. */
export function hoursAround(at: Date): { before: Date; after: Date } {
  const hour = hourOf(at).getTime()
  const isOnTheHour = hour === at.getTime()
  return {
    before: new Date(hour - HOUR_MS),
    after: new Date(isOnTheHour ? hour : hour + HOUR_MS),
  }
}

export function hourOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS)
}

export const hoursAfter = (at: Date, hours: number) => new Date(at.getTime() + hours * HOUR_MS)

/**
 * The first hours of releases, as many of each, so that an old one and a new one can be compared: a day, or what there has been of
 * the youngest. `firstEvents` are their first events.
 */
export function openingHours(firstEvents: readonly Date[], now: Date): number {
  const ages = firstEvents.map((at) => Math.floor((now.getTime() - hourOf(at).getTime()) / HOUR_MS))
  return Math.min(OPENING_HOURS, ...ages.map((age) => age + 1))
}
