import type { SingleMatch } from "./condition.ts"
import { SearchError, type Span } from "./expression.ts"

const MINUTE = 60_000
const UNITS: Record<string, number | undefined> = {
  m: MINUTE,
  h: 60 * MINUTE,
  d: 24 * 60 * MINUTE,
  w: 7 * 24 * 60 * MINUTE,
}
/** Patterns are matched by backtracking: each wildcard multiplies the work. */
const MAX_WILDCARDS = 8

/** `*` is any run of characters, `\*` a star. */
export function matchOf(text: string, at: Span): SingleMatch {
  const pieces = text.split(/(?<!\\)\*/).map((piece) => piece.replaceAll("\\*", "*"))
  if (pieces.length === 1) return { equals: pieces[0] ?? "" }
  if (pieces.length - 1 > MAX_WILDCARDS) {
    throw new SearchError(`A value may have ${MAX_WILDCARDS} wildcards at most.`, at)
  }
  return { like: pieces.map(escapeLike).join("%") }
}

export function containing(text: string): SingleMatch {
  return { like: `%${escapeLike(text)}%` }
}

export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&")
}

type Operator = "=" | ">" | ">=" | "<" | "<="

export function comparisonOf(text: string, at: Span): { operator: Operator; count: number } {
  const match = /^(>=|<=|>|<|=)?(\d{1,15}(?:\.\d{1,6})?)([kmb])?$/i.exec(text)
  if (!match?.[2]) throw new SearchError(`Invalid number: '${text}'. Try >100 or <=5k.`, at)
  const factor = { k: 1e3, m: 1e6, b: 1e9 }[match[3]?.toLowerCase() ?? ""] ?? 1
  return { operator: (match[1] ?? "=") as Operator, count: Math.round(Number(match[2]) * factor) }
}

type Range = { from?: Date; to?: Date }

/**
 * `-24h` is at or after a day ago (younger), `+24h` at or before it (older); a day alone is that whole UTC day; a moment alone
 * is met from 5 minutes before to 6 after.
 */
export function rangeOf(text: string, now: Date, at: Span): Range {
  const relative = /^([+-])(\d{1,5})([mhdw])$/.exec(text)
  if (relative) {
    const unit = UNITS[relative[3] ?? ""] ?? MINUTE
    const moment = new Date(now.getTime() - Number(relative[2]) * unit)
    return relative[1] === "-" ? { from: moment } : { to: after(moment, 1) }
  }
  const match = /^(>=|<=|>|<|=)?(\d{4}-\d{2}-\d{2})(T[\d:.]{1,15}(?:Z|[+-]\d{2}:?\d{2})?)?$/.exec(
    text,
  )
  const moment = match?.[2] ? momentOf(match[2], match[3]) : null
  if (!match || !moment) {
    throw new SearchError(`Invalid date: '${text}'. Try -24h, +7d or >2026-01-31.`, at)
  }
  return absoluteRange(match[1] ?? "=", moment, match[3] === undefined)
}

function absoluteRange(operator: string, moment: Date, isDay: boolean): Range {
  if (operator === ">=") return { from: moment }
  if (operator === ">") return { from: isDay ? moment : after(moment, 1) }
  if (operator === "<") return { to: moment }
  if (operator === "<=") return { to: isDay ? after(moment, 24 * 60 * MINUTE) : after(moment, 1) }
  if (isDay) return { from: moment, to: after(moment, 24 * 60 * MINUTE) }
  return { from: after(moment, -5 * MINUTE), to: after(moment, 6 * MINUTE) }
}

/** Without a zone it is UTC. */
function momentOf(day: string, time: string | undefined): Date | null {
  const hasZone = time !== undefined && /(?:Z|[+-]\d{2}:?\d{2})$/.test(time)
  const moment = new Date(`${day}${time ?? "T00:00:00"}${hasZone ? "" : "Z"}`)
  const isDay = !Number.isNaN(moment.getTime())
  // 2026-02-31 would otherwise become the 3rd of March.
  return isDay && (time || moment.toISOString().startsWith(day)) ? moment : null
}

function after(moment: Date, milliseconds: number): Date {
  return new Date(moment.getTime() + milliseconds)
}
