import { LIMITED_CATEGORIES } from "#options/limits.ts"
import type { Category } from "./items.ts"

/** What a limit can be set for: categories that are scarce, each with the related ones that share its room. */
export type LimitedCategory = (typeof LIMITED_CATEGORIES)[number]

export type CategoryLimit = { count: number; windowSeconds: number }
/** By category; those that are missing have no limit. Attachments are counted in bytes. */
export type RateLimits = Partial<Record<LimitedCategory, CategoryLimit>>

export const MAX_LIMIT_COUNT = 1_000_000_000_000
export const MAX_LIMIT_SECONDS = 30 * 86_400

const roomOf: Partial<Record<Category, LimitedCategory>> = {
  security: "error",
  profile_chunk: "profile",
  profile_chunk_ui: "profile",
  metric_bucket: "trace_metric",
}

/** The names that tell clients to keep an item back. Several read `default` as the category of errors. */
const headerNames: Partial<Record<LimitedCategory, readonly string[]>> = {
  error: ["error", "default"],
  profile: ["profile", "profile_chunk", "profile_chunk_ui"],
  trace_metric: ["trace_metric", "metric_bucket"],
}

/** Whose room an item takes; null: reports of clients and what nobody knows are never limited. */
export function limitedCategoryOf(category: Category): LimitedCategory | null {
  return roomOf[category] ?? LIMITED_CATEGORIES.find((each) => each === category) ?? null
}

export function headerNamesOf(category: LimitedCategory): readonly string[] {
  return headerNames[category] ?? [category]
}

/** What stands in a row as limits; what makes no sense limits nothing. */
export function readRateLimits(stored: unknown): RateLimits {
  if (typeof stored !== "object" || stored === null) return {}
  const limits: RateLimits = {}
  for (const category of LIMITED_CATEGORIES) {
    const limit = readLimit((stored as Record<string, unknown>)[category])
    if (limit) limits[category] = limit
  }
  return limits
}

/** "error 100 in 60 s, attachment 1000000 in 3600 s" */
export function limitsInWords(limits: RateLimits): string {
  const words = Object.entries(limits).map(
    ([category, { count, windowSeconds }]) => `${category} ${count} in ${windowSeconds} s`,
  )
  return words.join(", ") || "none"
}

function readLimit(stored: unknown): CategoryLimit | null {
  if (typeof stored !== "object" || stored === null) return null
  const { count, windowSeconds } = stored as Record<string, unknown>
  const isLimit = isWhole(count, MAX_LIMIT_COUNT) && isWhole(windowSeconds, MAX_LIMIT_SECONDS)
  return isLimit ? { count, windowSeconds } : null
}

function isWhole(value: unknown, max: number): value is number {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) <= max
}
