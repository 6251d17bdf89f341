import { parseShortId } from "../short-id.ts"
import type { Condition } from "./condition.ts"
import { type Expression, SearchError, type Span } from "./expression.ts"
import { parse } from "./parse.ts"
import { absentCondition, conditionOf, eventIdOf, tagCondition } from "./terms.ts"

export type Search =
  | { ok: true; condition: Condition }
  /** `at` is the part of the query that is meant. */
  | { ok: false; message: string; at: Span }

/**
 * Reads a query in Sentry's search language. Never throws; a query that is not understood is an error with a position and
 * never a wider search. An empty query asks for everything.
 */
export function readSearch(query: string, now: Date): Search {
  try {
    return { ok: true, condition: meaningOf(parse(query), now) }
  } catch (error) {
    if (error instanceof SearchError) return { ok: false, message: error.message, at: error.at }
    throw error
  }
}

function meaningOf(expression: Expression, now: Date): Condition {
  if (expression.type === "text") return textCondition(expression.text)
  if (expression.type === "filter") return filterCondition(expression, now)
  return { kind: expression.type, of: expression.parts.map((part) => meaningOf(part, now)) }
}

/** Free text also finds the issue it is the short id of, and the one that the event it names belongs to. */
function textCondition(text: string): Condition {
  const conditions: Condition[] = [{ kind: "text", text }]
  const shortId = /\s/.test(text) ? null : parseShortId(text)
  if (shortId) conditions.push({ kind: "shortId", ...shortId })
  const eventId = eventIdOf(text)
  if (eventId) conditions.push({ kind: "eventId", id: eventId })
  return anyOf(conditions)
}

function filterCondition(
  { key, value, isTag, isNegated, at }: Extract<Expression, { type: "filter" }>,
  now: Date,
): Condition {
  const values = "list" in value ? value.list : [value.text]
  const conditions = values.map((text) =>
    isTag && text !== "" ? tagCondition(key, text, at) : valueCondition(key, text, now, at),
  )
  const condition = oneOfTag(key, conditions) ?? anyOf(conditions)
  return isNegated ? { kind: "not", of: condition } : condition
}

/** Several values of one tag are one look at it, not several. */
function oneOfTag(key: string, conditions: readonly Condition[]): Condition | null {
  const values = conditions.flatMap((each) =>
    each.kind === "tag" && each.key === key && each.match && "equals" in each.match
      ? [each.match.equals]
      : [],
  )
  const isOne = conditions.length > 1 && values.length === conditions.length
  return isOne ? { kind: "tag", key, match: { oneOf: values } } : null
}

function anyOf(conditions: Condition[]): Condition {
  return conditions.length === 1 ? (conditions[0] as Condition) : { kind: "or", of: conditions }
}

function valueCondition(key: string, value: string, now: Date, at: Span): Condition {
  if (key === "has") return { kind: "not", of: absentCondition(value) }
  if (value === "") return absentCondition(key)
  return conditionOf({ key, value, now, at })
}
