import { SearchError, type Span, type Value } from "./expression.ts"

export type Token =
  | { type: "open" | "close" | "and" | "or"; at: Span }
  | { type: "word" | "quoted"; text: string; at: Span }
  | { type: "filter"; key: string; isTag: boolean; isNegated: boolean; value: Value; at: Span }

const MAX_LENGTH = 4_096
/** Each may cost a look of its own at an index. */
const MAX_LIST = 100
const SPACE = /\s/
const KEY =
  /(?:tags\[([^\]\s]{1,200})\]|"((?:[^"\\]|\\.){1,200})"|([\w.-]{1,200}(?:\([\w.,]{0,100}\))?)):/y
const OPERATORS: Record<string, "and" | "or" | undefined> = { and: "and", or: "or" }

/** Cuts a query into tokens, in one pass from left to right. Throws SearchError. */
export function scan(query: string): Token[] {
  if (query.length > MAX_LENGTH) {
    throw new SearchError(`A query may have ${MAX_LENGTH} characters at most.`, {
      from: MAX_LENGTH,
      to: query.length,
    })
  }
  // PostgreSQL's text cannot hold it.
  const nul = query.indexOf("\0")
  if (nul >= 0) throw new SearchError("A query cannot hold a NUL.", { from: nul, to: nul + 1 })
  const tokens: Token[] = []
  let position = 0
  while (position < query.length) {
    if (SPACE.test(query.charAt(position))) {
      position += 1
      continue
    }
    const token = tokenAt(query, position)
    tokens.push(token)
    position = token.at.to
  }
  return tokens
}

function tokenAt(query: string, from: number): Token {
  const character = query.charAt(from)
  if (character === "(") return { type: "open", at: { from, to: from + 1 } }
  if (character === ")") return { type: "close", at: { from, to: from + 1 } }
  const filter = filterAt(query, from)
  if (filter) return filter
  if (character === '"') {
    const { text, to } = quotedAt(query, from)
    return { type: "quoted", text, at: { from, to } }
  }
  const to = wordEnd(query, from)
  const text = query.slice(from, to)
  const operator = OPERATORS[text.toLowerCase()]
  return operator ? { type: operator, at: { from, to } } : { type: "word", text, at: { from, to } }
}

function filterAt(query: string, from: number): Token | null {
  const isNegated = query.charAt(from) === "!"
  KEY.lastIndex = isNegated ? from + 1 : from
  const match = KEY.exec(query)
  // "https://…" is something pasted, not a filter named https.
  if (!match || query.startsWith("//", KEY.lastIndex)) return null
  const key = match[1] ?? (match[2] === undefined ? match[3] : withoutEscapes(match[2])) ?? ""
  const { value, to } = valueAt(query, KEY.lastIndex)
  if ("text" in value && value.text === "" && !value.isQuoted) {
    throw new SearchError(`Empty string after '${key}:'`, { from, to })
  }
  const isTag = match[1] !== undefined
  return { type: "filter", key, isTag, isNegated, value, at: { from, to } }
}

function valueAt(query: string, from: number): { value: Value; to: number } {
  if (query.charAt(from) === '"') {
    const { text, to } = quotedAt(query, from)
    return { value: { text, isQuoted: true }, to }
  }
  if (query.charAt(from) === "[") return listAt(query, from)
  const to = wordEnd(query, from)
  return { value: { text: query.slice(from, to), isQuoted: false }, to }
}

function quotedAt(query: string, from: number): { text: string; to: number } {
  let to = from + 1
  while (to < query.length && query.charAt(to) !== '"') to += query.charAt(to) === "\\" ? 2 : 1
  if (to >= query.length) {
    throw new SearchError("This quote is never closed.", { from, to: query.length })
  }
  return { text: withoutEscapes(query.slice(from + 1, to)), to: to + 1 }
}

/** `[a, "b c", d]` */
function listAt(query: string, from: number): { value: Value; to: number } {
  const list: string[] = []
  let position = from + 1
  while (position < query.length) {
    if (list.length > MAX_LIST) {
      throw new SearchError(`A list may have ${MAX_LIST} values at most.`, { from, to: position })
    }
    const character = query.charAt(position)
    if (character === "]") {
      if (list.length === 0)
        throw new SearchError("This list is empty.", { from, to: position + 1 })
      return { value: { list }, to: position + 1 }
    }
    if (character === "," || SPACE.test(character)) position += 1
    else if (character === '"') {
      const { text, to } = quotedAt(query, position)
      list.push(text)
      position = to
    } else {
      const end = listItemEnd(query, position)
      list.push(query.slice(position, end).trim())
      position = end
    }
  }
  throw new SearchError("This list is never closed.", { from, to: query.length })
}

function listItemEnd(query: string, from: number): number {
  let to = from
  while (to < query.length && query.charAt(to) !== "," && query.charAt(to) !== "]") to += 1
  return to
}

/** A closing bracket belongs to the word that opened it: `render()` is a word, `(a OR b)` is a group. */
function wordEnd(query: string, from: number): number {
  let open = 0
  let to = from
  while (to < query.length && !SPACE.test(query.charAt(to))) {
    if (query.charAt(to) === "(") open += 1
    if (query.charAt(to) === ")" && --open < 0) break
    to += 1
  }
  return to
}

/** `\"` is a quote; every other backslash stays, since `\*` is told from `*` later. */
function withoutEscapes(text: string): string {
  return text.replaceAll('\\"', '"')
}
