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
