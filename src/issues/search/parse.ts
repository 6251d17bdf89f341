import { type Expression, SearchError, type Span } from "./expression.ts"
import { scan, type Token } from "./scan.ts"

const MAX_TERMS = 50
const MAX_DEPTH = 12

type Reader = { tokens: Token[]; next: number; end: number }

/**
 * Reads a query into a tree: terms side by side are joined by AND, which binds tighter than OR. Words side by side are one
 * text. An empty query is an AND of nothing. Throws SearchError.
 */
export function parse(query: string): Expression {
  const tokens = joinWords(query, scan(query))
  const extra = tokens[MAX_TERMS]
  if (extra) throw new SearchError(`A query may have ${MAX_TERMS} parts at most.`, extra.at)
  const reader = { tokens, next: 0, end: query.length }
  const expression = either(reader, 0)
  const rest = reader.tokens[reader.next]
  if (rest) throw new SearchError("This bracket was never opened.", rest.at)
  return expression
}

function either(reader: Reader, depth: number): Expression {
  const parts = [all(reader, depth)]
  while (reader.tokens[reader.next]?.type === "or") {
    const { at } = reader.tokens[reader.next++] as Token
    parts.push(nonEmpty(all(reader, depth), at, "OR needs something on both sides."))
    nonEmpty(parts[0] as Expression, at, "OR needs something on both sides.")
  }
  return parts.length === 1 ? (parts[0] as Expression) : { type: "or", parts }
}

function all(reader: Reader, depth: number): Expression {
  const parts: Expression[] = []
  for (let token = reader.tokens[reader.next]; token; token = reader.tokens[reader.next]) {
    if (token.type === "close" || token.type === "or") break
    reader.next += 1
    if (token.type === "and") checkAnd(reader, parts, token.at)
    else parts.push(one(reader, token, depth))
  }
  return parts.length === 1 ? (parts[0] as Expression) : { type: "and", parts }
}

function one(reader: Reader, token: Token, depth: number): Expression {
  if (token.type === "open") return group(reader, token.at, depth + 1)
  if (token.type === "filter") return token
  if (token.type === "word" || token.type === "quoted") {
    return { type: "text", text: token.text, at: token.at }
  }
  throw new SearchError("This does not belong here.", token.at)
}

function group(reader: Reader, at: Span, depth: number): Expression {
  if (depth > MAX_DEPTH) throw new SearchError("Brackets are nested too deeply.", at)
  const inside = either(reader, depth)
  const close = reader.tokens[reader.next++]
  if (close?.type !== "close") {
    throw new SearchError("This bracket is never closed.", { from: at.from, to: reader.end })
  }
  return nonEmpty(inside, { from: at.from, to: close.at.to }, "These brackets are empty.")
}

function checkAnd(reader: Reader, before: Expression[], at: Span): void {
  const after = reader.tokens[reader.next]?.type
  const isAlone = !after || after === "close" || after === "or" || after === "and"
  if (before.length === 0 || isAlone) {
    throw new SearchError("AND needs something on both sides.", at)
  }
}

function nonEmpty(expression: Expression, at: Span, message: string): Expression {
  if (expression.type === "and" && expression.parts.length === 0) throw new SearchError(message, at)
  return expression
}

/** Words side by side are one text, as typed: a pasted message is found as a whole. */
function joinWords(query: string, tokens: readonly Token[]): Token[] {
  const joined: Token[] = []
  for (const token of tokens) {
    const last = joined.at(-1)
    if (token.type === "word" && last?.type === "word") {
      const at = { from: last.at.from, to: token.at.to }
      joined[joined.length - 1] = { type: "word", text: query.slice(at.from, at.to), at }
    } else joined.push(token)
  }
  return joined
}

/** The parts of a query that can be taken away one by one, each with the query that is left. */
export function removableParts(query: string): { text: string; without: string }[] {
  const tokens = joinWords(query, scan(query))
  const isFlat = tokens.every(
    ({ type }) => type === "word" || type === "quoted" || type === "filter",
  )
  if (!isFlat) return [{ text: query.trim(), without: "" }]
  return tokens.map(({ at }) => ({
    text: query.slice(at.from, at.to),
    without: `${query.slice(0, at.from)}${query.slice(at.to)}`.replace(/\s+/g, " ").trim(),
  }))
}
