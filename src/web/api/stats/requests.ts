import { AppError } from "#platform/errors.ts"
import type { Dimension, UsageScope } from "#stats/usage-store.ts"
import { readWindow } from "../issues/requests.ts"

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** As in Sentry. */
const MAX_INTERVALS = 10_000

const FIELDS = ["sum(quantity)", "sum(times_seen)"] as const
type Field = (typeof FIELDS)[number]

const GROUPS: readonly Dimension[] = ["outcome", "category", "reason", "project", "key"]

export type UsageRequest = {
  fields: Field[]
  groupBy: Dimension[]
  scope: Pick<UsageScope, "from" | "to" | "categories" | "outcomes" | "reasons">
  /** Start of each interval. */
  starts: Date[]
}

/** A query as stats_v2 takes it. Throws invalid in Sentry's words where a client compares them. */
export function readUsageRequest(url: URL, now: Date): UsageRequest {
  const query = Object.fromEntries(url.searchParams)
  const all = (name: string) => url.searchParams.getAll(name)
  const some = (name: string) => (all(name).length > 0 ? all(name) : undefined)
  const intervalMs = readInterval(query.interval ?? "1h")
  const window = readWindow(query, now)
  const from = floorTo(window.from, intervalMs)
  const to = new Date(Math.ceil(window.to.getTime() / intervalMs) * intervalMs)
  return {
    fields: readFields(all("field")),
    groupBy: readGroups(all("groupBy")),
    scope: {
      ...{ from, to },
      categories: some("category"),
      outcomes: some("outcome"),
      reasons: some("reason"),
    },
    starts: startsOf(from, to, intervalMs),
  }
}

function readFields(names: readonly string[]): Field[] {
  if (names.length === 0) throw new AppError("invalid", 'At least one "field" is required.')
  return names.map((name) => {
    const field = FIELDS.find((each) => each === name)
    if (field) return field
    throw new AppError("invalid", `Invalid field: "${name.slice(0, 50)}"`)
  })
}

function readGroups(names: readonly string[]): Dimension[] {
  if (names.length === 0) throw new AppError("invalid", 'At least one "groupBy" is required.')
  return names.map((name) => {
    const group = GROUPS.find((each) => each === name)
    if (group) return group
    throw new AppError("invalid", `Invalid groupBy: "${name.slice(0, 50)}"`)
  })
}

const UNITS = { h: HOUR_MS, d: DAY_MS, w: 7 * DAY_MS }

/** We count by the hour. */
function readInterval(text: string): number {
  const match = /^(\d{1,4})([hdw])$/.exec(text)
  const length = match ? Number(match[1]) * UNITS[match[2] as keyof typeof UNITS] : 0
  if (length === 0) {
    throw new AppError(
      "invalid",
      "The interval has to be a multiple of the minimum interval of one hour.",
    )
  }
  if (length < DAY_MS ? DAY_MS % length !== 0 : length % DAY_MS !== 0) {
    throw new AppError("invalid", "The interval should divide one day without a remainder.")
  }
  return length
}

function startsOf(from: Date, to: Date, intervalMs: number): Date[] {
  const count = Math.round((to.getTime() - from.getTime()) / intervalMs)
  if (count > MAX_INTERVALS) {
    throw new AppError("invalid", "Your interval and date range would create too many results.")
  }
  return Array.from({ length: count }, (_, index) => new Date(from.getTime() + index * intervalMs))
}

function floorTo(at: Date, ms: number): Date {
  return new Date(Math.floor(at.getTime() / ms) * ms)
}

export type LegacyStat = { outcomes: readonly string[] | undefined; starts: Date[]; to: Date }

/** What the names of old stats stand for; `received` is everything that reached us. */
const STATS: Record<string, readonly string[] | undefined> = {
  received: [
    "accepted",
    "filtered",
    "rate_limited",
    "invalid",
    "discarded",
    "unsupported",
    "dead_lettered",
  ],
  rejected: ["rate_limited"],
  blacklisted: ["filtered"],
  generated: ["accepted"],
}

const SECONDS = /^\d{1,12}(?:\.\d{1,9})?$/

/** `stat`, `since` and `until` in seconds, `resolution` (10s, 1h, 1d; finer than an hour we do not count). */
export function readLegacyStat(query: Record<string, string>, now: Date): LegacyStat {
  const { stat = "received", resolution = "1h" } = query
  const outcomes = Object.hasOwn(STATS, stat) ? STATS[stat] : undefined
  if (!outcomes) throw new AppError("invalid", `Invalid stat: ${stat.slice(0, 50)}`)
  if (!["10s", "1h", "1d"].includes(resolution)) {
    throw new AppError("invalid", "Invalid resolution. Use one of 10s, 1h, 1d.")
  }
  const stepMs = resolution === "1d" ? DAY_MS : HOUR_MS
  const until = readSeconds(query.until) ?? now
  const since = readSeconds(query.since) ?? new Date(until.getTime() - DAY_MS)
  if (since > until) throw new AppError("invalid", "since must be before until")
  const from = floorTo(since, stepMs)
  const to = new Date(floorTo(until, stepMs).getTime() + stepMs)
  return { outcomes, starts: startsOf(from, to, stepMs), to }
}

function readSeconds(text: string | undefined): Date | null {
  if (text === undefined || text === "") return null
  if (SECONDS.test(text)) return new Date(Number(text) * 1000)
  throw new AppError("invalid", "since and until are seconds since 1970.")
}
