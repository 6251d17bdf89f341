import { type Period, periodOf } from "#issues/stream/period.ts"
import type { Sort } from "#issues/stream/stream.ts"
import { AppError } from "#platform/errors.ts"
import type { ApiContext } from "../caller.ts"

const HOUR = 3_600_000
const UNITS = { s: 1000, m: 60_000, h: HOUR, d: 24 * HOUR, w: 7 * 24 * HOUR } as const
/** Nobody keeps events longer; it also keeps dates within what PostgreSQL and JavaScript agree on. */
const MAX_WINDOW_MS = 3650 * 24 * HOUR
const DEFAULT_WINDOW_MS = 90 * 24 * HOUR
/** Of the series that is fitted to the window. */
const MAX_BUCKETS = 60

/** Sentry's names of orders; those we do not have mean the nearest. */
const SORTS: Record<string, Sort> = {
  date: "date",
  new: "new",
  freq: "freq",
  user: "user",
  trends: "priority",
  priority: "priority",
  recommended: "priority",
  inbox: "date",
}

export function readSort(text: string | undefined): Sort {
  const sort = Object.hasOwn(SORTS, text || "date") ? SORTS[text || "date"] : undefined
  if (sort) return sort
  throw new AppError("invalid", `Invalid sort parameter: '${text}'. Use one of ${sortNames()}.`)
}

function sortNames(): string {
  return Object.keys(SORTS).join(", ")
}

export type Window = Pick<Period, "to"> & { from: Date; isClosed: boolean }

/** `statsPeriod` (14d), else `start` and `end` (ISO, UTC when it names no zone), else the last 90 days. */
export function readWindow(query: Record<string, string>, now: Date): Window {
  const { statsPeriod, start, end } = query
  if (statsPeriod) return { from: backFrom(now, statsPeriod), to: now, isClosed: false }
  const to = end ? moment("end", end) : now
  const from = start ? moment("start", start) : new Date(to.getTime() - DEFAULT_WINDOW_MS)
  if (from >= to) throw new AppError("invalid", "start must be before end")
  return { from, to, isClosed: end !== undefined && end !== "" }
}

function backFrom(now: Date, text: string): Date {
  const match = /^(\d{1,6})([smhdw])$/.exec(text)
  if (!match) throw new AppError("invalid", `Invalid statsPeriod: '${text.slice(0, 50)}'`)
  const length = Number(match[1]) * UNITS[match[2] as keyof typeof UNITS]
  return new Date(now.getTime() - Math.min(length, MAX_WINDOW_MS))
}

const ISO = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)?(Z|[+-]\d\d:?\d\d)?$/

function moment(name: string, text: string): Date {
  const match = ISO.exec(text)
  const isDay = text.length === 10
  const at = new Date(match && !match[1] && !isDay ? `${text.replace(" ", "T")}Z` : text)
  if (match && !Number.isNaN(at.getTime())) return at
  throw new AppError("invalid", `Invalid ${name}: '${text.slice(0, 50)}' is no date`)
}

/** The window as the stream's search knows it. */
export function searchPeriod({ from, to, isClosed }: Window): Period {
  return { name: "90d", starts: [from], to, isClosed }
}

export type Series = { key: string; period: Period }

/** Which series a list carries with each issue; null: none is wanted. */
export function readSeries(query: Record<string, string>, window: Window, now: Date) {
  const wanted = query.groupStatsPeriod ?? "24h"
  if (wanted === "" || (query.collapse ?? "").split(",").includes("stats")) return null
  if (wanted === "24h" || wanted === "14d") return namedSeries(wanted, now)
  if (wanted === "auto") return { key: "auto", period: fittedPeriod(window) }
  throw new AppError(
    "invalid",
    "Invalid stats_period. Valid choices are '', '24h', '14d' and 'auto'",
  )
}

/** A project's list calls the same thing `statsPeriod`. */
export function readProjectSeries(query: Record<string, string>, now: Date): Series | null {
  const wanted = query.statsPeriod ?? "24h"
  if (wanted === "") return null
  if (wanted === "24h" || wanted === "14d") return namedSeries(wanted, now)
  throw new AppError("invalid", "Invalid stats_period. Valid choices are '', '24h', and '14d'")
}

export function namedSeries(name: "24h" | "14d" | "30d", now: Date): Series {
  return { key: name, period: periodOf(name, now, "UTC") }
}

/** Whole hours, and not more buckets than a graph can show. */
function fittedPeriod({ from, to }: Window): Period {
  const first = Math.floor(from.getTime() / HOUR) * HOUR
  const hours = Math.ceil((to.getTime() - first) / HOUR)
  const step = Math.ceil(hours / MAX_BUCKETS) * HOUR
  const buckets = Math.max(1, Math.ceil((hours * HOUR) / step))
  const starts = Array.from({ length: buckets }, (_, index) => new Date(first + index * step))
  return { name: "90d", starts, to }
}

/** Ids or slugs of `project`, which may come several times; empty: all. -1 is Sentry's word for all. */
export function readProjects(c: ApiContext): string[] {
  const projects = (c.req.queries("project") ?? []).filter((project) => project !== "")
  return projects.includes("-1") ? [] : projects
}

export function readEnvironments(c: ApiContext): string[] {
  return c.req.queries("environment") ?? []
}

/** Whether `expand`, which may come several times or as a list, asks why issues wait for review. */
export function readsInbox(c: ApiContext): boolean {
  return (c.req.queries("expand") ?? []).some((names) => names.split(",").includes("inbox"))
}
