export type SeriesPoint = {
  series: string
  quantity: number
  /** Something whose different values are counted too: a user, an issue. */
  distinct?: string
}
type SeriesBucket = { at: Date; quantity: number; distinct: number }
export type StepSeconds = 10 | 60

/** Live numbers for graphs of the last minutes and for spike detection. May lose seconds; nothing that is billed or kept comes from here. */
export interface Series {
  /** Adds to the buckets of `at`. Never throws: a graph with a gap is no reason to fail. */
  add(points: readonly SeriesPoint[], at: Date): Promise<void>
  /** Every bucket from the one of `from` up to, not including, `to`; those without points are 0. */
  read(series: string, from: Date, to: Date, stepSeconds: StepSeconds): Promise<SeriesBucket[]>
  /** How many different values there were over the whole time; about 2 % off. */
  countDistinct(series: string, from: Date, to: Date, stepSeconds: StepSeconds): Promise<number>
  /** Forgets what is too old to be shown; returns how many rows went. For cron, once a minute. */
  sweep(now: Date): Promise<number>
}

/** Each step and how long its buckets are kept. */
export const STEPS = [
  { stepSeconds: 10, keptSeconds: 2 * 3600 },
  { stepSeconds: 60, keptSeconds: 26 * 3600 },
] as const

/** Buckets in one read at most: a day of minutes and some. */
const MAX_BUCKETS = 3000

/** Number of the bucket that a moment falls into. */
export function bucketOf(at: Date, stepSeconds: number): number {
  return Math.floor(at.getTime() / 1000 / stepSeconds)
}

export function bucketRange(from: Date, to: Date, stepSeconds: number): number[] {
  const first = bucketOf(from, stepSeconds)
  const count = Math.ceil(to.getTime() / 1000 / stepSeconds) - first
  return Array.from({ length: Math.max(0, Math.min(count, MAX_BUCKETS)) }, (_, i) => first + i)
}

export function bucketTime(bucket: number, stepSeconds: number): Date {
  return new Date(bucket * stepSeconds * 1000)
}

export type SeriesTotal = { series: string; quantity: number; distinct: string[] }

/** One total per series: a batch of 500 events touches a handful of series. */
export function totalsOf(points: readonly SeriesPoint[]): SeriesTotal[] {
  const totals = new Map<string, { quantity: number; distinct: Set<string> }>()
  for (const { series, quantity, distinct } of points) {
    const total = totals.getOrInsertComputed(series, () => ({ quantity: 0, distinct: new Set() }))
    total.quantity += quantity
    if (distinct !== undefined) total.distinct.add(distinct)
  }
  return [...totals].map(([series, total]) => ({
    series,
    quantity: total.quantity,
    distinct: [...total.distinct],
  }))
}
