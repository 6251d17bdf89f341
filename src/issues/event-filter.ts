import type { EventFilter } from "#events/read-store.ts"
import { termOf } from "#normalize/event-tags.ts"
import { type Expression, SearchError, type Span } from "./search/expression.ts"
import { parse } from "./search/parse.ts"

export type EventSearch =
  | { ok: true; filter: EventFilter }
  /** `at` is the part of the query that is meant. */
  | { ok: false; message: string; at: Span }

/**
 * Reads the search within one issue's events: tags with exact values, all of which must fit (`environment:production
 * browser:"Firefox 151"`). Anything else is an error with a position, never a wider search.
 */
export function readEventSearch(query: string): EventSearch {
  try {
    return { ok: true, filter: { terms: query.trim() === "" ? [] : termsIn(parse(query)) } }
  } catch (error) {
    if (error instanceof SearchError) return { ok: false, message: error.message, at: error.at }
    throw error
  }
}

function termsIn(expression: Expression): number[] {
  if (expression.type === "and") return expression.parts.flatMap(termsIn)
  if (expression.type === "filter") return [termIn(expression)]
  const at = "at" in expression ? expression.at : { from: 0, to: 0 }
  throw new SearchError("Events are searched by tags, such as environment:production.", at)
}

function termIn({ key, value, isNegated, at }: Extract<Expression, { type: "filter" }>): number {
  if (isNegated || "list" in value || value.text === "" || key === "has" || key === "is") {
    throw new SearchError("Events are searched by one exact value of a tag: key:value.", at)
  }
  if (!value.isQuoted && value.text.includes("*")) {
    throw new SearchError("Events cannot be searched with wildcards.", at)
  }
  return termOf(key, value.text)
}
