export const PERIODS = ["24h", "14d", "30d", "90d"] as const
export type PeriodName = (typeof PERIODS)[number]

/** A window, cut into buckets: hours are UTC's, days are those of the reader's zone. */
export type Period = {
  name: PeriodName
  /** Start of each bucket, oldest first; the first is the start of the window. */
  starts: Date[]
  to: Date
  /** The window is over: issues that were first seen after it are not meant. Absent: it ends now. */
  isClosed?: boolean
}

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** 90 bars of one pixel tell less than 30 of three days. */
const DAYS_PER_BUCKET: Record<Exclude<PeriodName, "24h">, { buckets: number; days: number }> = {
  "14d": { buckets: 14, days: 1 },
  "30d": { buckets: 30, days: 1 },
  "90d": { buckets: 30, days: 3 },
}

export function isPeriodName(text: string): text is PeriodName {
  return (PERIODS as readonly string[]).includes(text)
}

/** `zone` is an IANA name that the runtime knows. */
export function periodOf(name: PeriodName, now: Date, zone: string): Period {
  if (name === "24h") {
    const thisHour = Math.floor(now.getTime() / HOUR) * HOUR
    const starts = Array.from(
      { length: 24 },
      (_, index) => new Date(thisHour - (23 - index) * HOUR),
    )
    return { name, starts, to: now }
  }
  const { buckets, days } = DAYS_PER_BUCKET[name]
  const today = dayIn(now, zone)
  const starts = Array.from({ length: buckets }, (_, index) =>
    midnightIn(zone, today - (buckets * days - 1 - index * days) * DAY),
  )
  return { name, starts, to: now }
}

/** The calendar day of a moment, as the UTC midnight of the same date. */
function dayIn(at: Date, zone: string): number {
  return Math.floor((at.getTime() + offsetAt(at, zone)) / DAY) * DAY
}

/** The moment at which a calendar day begins in a zone; the first existing one when clocks jump over midnight. */
function midnightIn(zone: string, day: number): Date {
  const guess = new Date(day - offsetAt(new Date(day), zone))
  return new Date(day - offsetAt(guess, zone))
}

const formatters = new Map<string, Intl.DateTimeFormat>()

/** Milliseconds that a zone's clocks are ahead of UTC. */
function offsetAt(at: Date, zone: string): number {
  if (zone === "UTC") return 0
  const formatter =
    formatters.get(zone) ??
    new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" })
  formatters.set(zone, formatter)
  const name = formatter.formatToParts(at).find((part) => part.type === "timeZoneName")?.value ?? ""
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(name)
  if (!match) return 0
  const minutes = Number(match[2]) * 60 + Number(match[3])
  return (match[1] === "-" ? -minutes : minutes) * 60_000
}
