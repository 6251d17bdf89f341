import type { App } from "#app.ts"
import { type Period, periodOf } from "#issues/stream/period.ts"
import { listUsage, type Usage, type UsageScope } from "#stats/usage-store.ts"
import { CATEGORIES, outcomeWord } from "../../outcome-words.ts"
import type { Series, StackedBucket } from "../components/charts/stacked-chart.tsx"
import { quantityWord } from "./quantity-word.ts"
import type { StatsRequest } from "./requests.ts"

const HOUR_MS = 3_600_000

/** What the page of numbers shows. */
export type StatsData = {
  period: Period
  /** Totals of all categories, errors first, those that nobody asks for last. */
  categories: { category: string; quantity: number }[]
  /** Of the chosen category. */
  total: number
  series: Series[]
  buckets: StackedBucket[]
  reasons: { outcome: string; reason: string; quantity: number }[]
  /** By project, or by key when one project is chosen. */
  shares: { id: string; byOutcome: Map<string, number>; total: number }[]
}

/** Told apart by colour; the rest shares one. */
const COLOURED: { outcome: string; colour: Series["colour"] }[] = [
  { outcome: "accepted", colour: 1 },
  { outcome: "filtered", colour: 6 },
  { outcome: "rate_limited", colour: 2 },
  { outcome: "invalid", colour: 5 },
  { outcome: "client_discard", colour: 4 },
]
const REST_COLOUR = 3

export async function loadStats(
  app: Pick<App, "sql">,
  projectIds: readonly string[],
  request: StatsRequest,
  { now, zone }: { now: Date; zone: string },
): Promise<StatsData> {
  const period = periodOf(request.period, now, zone)
  const scope = scopeOf(projectIds, request, period)
  const ofCategory = { ...scope, categories: [request.category] }
  const by = request.projectId ? "key" : "project"
  const [categories, overTime, reasons, shares] = await Promise.all([
    listUsage(app.sql, scope, ["category"]),
    listUsage(app.sql, ofCategory, ["outcome"], period.starts),
    listUsage(app.sql, ofCategory, ["outcome", "reason"]),
    listUsage(app.sql, ofCategory, [by, "outcome"]),
  ])
  return {
    period,
    categories: inOrder(categories),
    total: sumOf(overTime),
    ...chartOf(overTime, period, request.category),
    reasons: reasons.map(({ outcome, reason, quantity }) => ({
      outcome: outcome ?? "",
      reason: reason ?? "",
      quantity,
    })),
    shares: sharesOf(shares, by === "key" ? "keyId" : "projectId"),
  }
}

export function scopeOf(
  projectIds: readonly string[],
  { projectId, keyId }: StatsRequest,
  { starts, to }: Period,
): UsageScope {
  return {
    projectIds: projectId === null ? projectIds : projectIds.filter((id) => id === projectId),
    keyId,
    // Hours are whole: a day that begins at half past belongs to the hour before.
    from: new Date(Math.floor((starts[0] ?? to).getTime() / HOUR_MS) * HOUR_MS),
    to,
  }
}

function inOrder(rows: readonly Usage[]): StatsData["categories"] {
  return rows
    .map(({ category, quantity }) => ({ category: category ?? "", quantity }))
    .sort((one, other) => placeOf(one.category) - placeOf(other.category))
}

const placeOf = (category: string) => CATEGORIES.indexOf(category) + 1 || CATEGORIES.length + 1

const sumOf = (rows: readonly { quantity: number }[]) =>
  rows.reduce((sum, { quantity }) => sum + quantity, 0)

function chartOf(rows: readonly Usage[], { starts }: Period, category: string) {
  const isColoured = (outcome: string | null) => COLOURED.some((each) => each.outcome === outcome)
  const lines = [
    ...COLOURED.map(({ outcome, colour }) => ({
      label: outcomeWord(outcome),
      colour,
      rows: rows.filter((row) => row.outcome === outcome),
    })),
    {
      label: "Others",
      colour: REST_COLOUR,
      rows: rows.filter(({ outcome }) => !isColoured(outcome)),
    } as const,
  ].filter((line) => line.rows.length > 0)
  return {
    series: lines.map(({ label, colour, rows: of }) => ({
      label,
      colour,
      total: quantityWord(sumOf(of), category),
    })),
    buckets: starts.map((from, index) => ({
      from,
      parts: lines.map((line) => sumOf(line.rows.filter((row) => atLeast0(row.bucket) === index))),
    })),
  }
}

/** The hour in which a day begins at half past. */
const atLeast0 = (bucket: number | null) => Math.max(0, bucket ?? 0)

function sharesOf(rows: readonly Usage[], key: "projectId" | "keyId"): StatsData["shares"] {
  const groups = Map.groupBy(rows, (row) => row[key] ?? "")
  return [...groups]
    .map(([id, of]) => ({
      id,
      total: sumOf(of),
      byOutcome: new Map(of.map(({ outcome, quantity }) => [outcome ?? "", quantity])),
    }))
    .sort((one, other) => other.total - one.total)
}
