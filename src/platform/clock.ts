/** Where "now" comes from; tests pass their own. */
export type Clock = { now(): Date }

export const systemClock: Clock = { now: () => new Date() }

/** The UTC day of a moment, as `YYYY-MM-DD`: the name of its partition. */
export function utcDay(at: Date): string {
  return at.toISOString().slice(0, 10)
}
