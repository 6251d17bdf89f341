/** One formatter for the whole product: 24 h clock, the reader's zone, UTC beside it. */
const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const formatters = new Map<string, Intl.DateTimeFormat>()

/** The zone when the runtime knows it, else UTC. */
export function knownZone(zone: string | undefined): string {
  if (!zone) return "UTC"
  const known = zones.get(zone)
  if (known) return known
  const found = lookUpZone(zone)
  if (zones.size < MAX_ZONES) zones.set(zone, found)
  return found
}

/** Looking one up takes a third of a millisecond, and every page does. */
const zones = new Map<string, string>()
const MAX_ZONES = 1_000

function lookUpZone(zone: string): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone
  } catch {
    return "UTC"
  }
}

/** `4m ago`, `3h ago`, `6d ago`, then `22 Nov 2026`; app.js repeats this every 30 s. */
export function relativeTime(at: Date, now: Date, zone: string): string {
  const age = now.getTime() - at.getTime()
  if (age < -MINUTE) return dateOf(at, zone)
  if (age < MINUTE) return "just now"
  if (age < HOUR) return `${Math.floor(age / MINUTE)}m ago`
  if (age < DAY) return `${Math.floor(age / HOUR)}h ago`
  if (age < 7 * DAY) return `${Math.floor(age / DAY)}d ago`
  return dateOf(at, zone)
}

/** `22 Nov 2026`. */
export function dateOf(at: Date, zone: string): string {
  return formatter("date", zone, { day: "numeric", month: "short", year: "numeric" }).format(at)
}

/** `08:00:00.123`, for breadcrumbs and events. */
export function clockTime(at: Date, zone: string): string {
  return formatter("clock", zone, {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
    hourCycle: "h23",
  }).format(at)
}

/** `22 Nov 2026, 08:00:00.123 CET · 07:00:00.123 UTC`; once when the zone is UTC. */
export function absoluteTime(at: Date, zone: string): string {
  const local = `${dateOf(at, zone)}, ${clockTime(at, zone)} ${zoneName(at, zone)}`
  return zone === "UTC" ? local : `${local} · ${clockTime(at, "UTC")} UTC`
}

/** `22/11/2026`: a key to count by days of the reader. */
export function dayKey(at: Date, zone: string): string {
  return formatter("day", zone, { year: "numeric", month: "2-digit", day: "2-digit" }).format(at)
}

/** The reader's midnight before `at`, to the hour. */
export function startOfDay(at: Date, zone: string): Date {
  const hours = formatter("hour", zone, { hour: "2-digit", hourCycle: "h23" }).format(at)
  return new Date(Math.floor(at.getTime() / HOUR) * HOUR - Number(hours) * HOUR)
}

/** What a `datetime-local` field says in the reader's zone; null: nothing sensible. Of an hour that clocks repeat, the first. */
export function localTime(text: string, zone: string): Date | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(text)) return null
  const asUtc = new Date(`${text}Z`).getTime()
  if (Number.isNaN(asUtc)) return null
  // The offset of the day before and of the day after: where they differ, the one that gives the text back.
  const offsets = [asUtc - DAY, asUtc + DAY].map((at) => offsetAt(at, zone))
  const fits = offsets.find((offset) => offsetAt(asUtc - offset, zone) === offset)
  return new Date(asUtc - (fits ?? offsets[0] ?? 0))
}

/** Milliseconds that the zone's clocks are ahead of UTC. */
function offsetAt(at: number, zone: string): number {
  const second = Math.floor(at / SECOND) * SECOND
  const parts = formatter("parts", zone, {
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
    hourCycle: "h23",
  }).formatToParts(second)
  const number = (type: string) => Number(parts.find((part) => part.type === type)?.value)
  const clock = Date.UTC(
    number("year"),
    number("month") - 1,
    number("day"),
    number("hour"),
    number("minute"),
    number("second"),
  )
  return clock - second
}

function zoneName(at: Date, zone: string): string {
  const parts = formatter("zone", zone, { timeZoneName: "short" }).formatToParts(at)
  return parts.find((part) => part.type === "timeZoneName")?.value ?? zone
}

/** Making a formatter takes some hundred microseconds; a page needs dozens of times. */
function formatter(kind: string, zone: string, options: Intl.DateTimeFormatOptions) {
  const key = `${kind} ${zone}`
  const known = formatters.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone })
  formatters.set(key, made)
  return made
}
