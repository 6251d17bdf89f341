/** Where in the query something stands; `to` is exclusive. */
export type Span = { from: number; to: number }

export type Value = { text: string; isQuoted: boolean } | { list: string[] }

/** A parsed query before its keys are looked at. */
export type Expression =
  | { type: "and" | "or"; parts: Expression[] }
  | { type: "text"; text: string; at: Span }
  /** `isTag`: written as tags[key], a tag even when the key means something else. */
  | { type: "filter"; key: string; isTag: boolean; isNegated: boolean; value: Value; at: Span }

/** What is wrong with a query, in words for the person who typed it, and the part that is meant. */
export class SearchError extends Error {
  readonly at: Span

  constructor(message: string, at: Span) {
    super(message)
    this.name = "SearchError"
    this.at = at
  }
}
