import { type Alternative, readGlob, type Token } from "./glob-syntax.ts"

/** Patterns made ready. */
export type Globs = {
  /** The first pattern that matches the whole of the text, as it was written; null: none does. */
  find(text: string): string | null
}

/** What matches between two `*`: of a known number of characters. */
type Segment = { tokens: Token[]; literal: string | null }

type Glob = { source: string; alternatives: Segment[][] }

/**
 * Patterns for a whole text, any case: `*` any run, also of line feeds and slashes, `?` one character, `[a-z]` `[!a]` one of a class,
 * `{a,b}` either, `\` in front of what is meant as it stands. Each takes at most (length of the text × length of the pattern) steps:
 * nothing is tried again. One that makes no sense (see globFault) matches nothing.
 */
export function compileGlobs(sources: readonly string[]): Globs {
  const globs = sources.flatMap((source): Glob | never[] => {
    const read = readGlob(source.toLowerCase())
    return "fault" in read ? [] : { source, alternatives: read.alternatives.map(segmentsOf) }
  })
  return {
    find(text) {
      const lower = text.toLowerCase()
      const found = globs.find(({ alternatives }) =>
        alternatives.some((segments) => matchesWhole(segments, lower)),
      )
      return found?.source ?? null
    },
  }
}

/** What is wrong with a pattern, in words for the person who wrote it; null: nothing. */
export function globFault(source: string): string | null {
  const read = readGlob(source)
  return "fault" in read ? read.fault : null
}

function segmentsOf(alternative: Alternative): Segment[] {
  const segments: Token[][] = [[]]
  for (const token of alternative) {
    if (token === "run") segments.push([])
    else segments.at(-1)?.push(token)
  }
  return segments.map((tokens) => ({ tokens, literal: literalOf(tokens) }))
}

function literalOf(tokens: readonly Token[]): string | null {
  let literal = ""
  for (const token of tokens) {
    if (typeof token === "string" || !("character" in token)) return null
    literal += token.character
  }
  return literal
}

/** First and last part stand at the ends; each between is taken where it is found first, which leaves the most room to the others. */
function matchesWhole(segments: readonly Segment[], text: string): boolean {
  const [first, ...others] = segments
  const last = others.pop()
  if (!first) return text === ""
  let at = endOfMatch(first, text, 0)
  if (!last) return at === text.length
  for (const segment of others) {
    if (at === -1) return false
    at = endOfFirst(segment, text, at)
  }
  if (at === -1) return false
  const start = startOfLast(last, text)
  return start >= at && endOfMatch(last, text, start) === text.length
}

/** Where the match that begins at `from` ends; -1: there is none. */
function endOfMatch({ tokens, literal }: Segment, text: string, from: number): number {
  if (literal !== null) return text.startsWith(literal, from) ? from + literal.length : -1
  let at = from
  for (const token of tokens) {
    const character = characterAt(text, at)
    if (character === "" || !isOneOf(token, character)) return -1
    at += character.length
  }
  return at
}

function endOfFirst(segment: Segment, text: string, from: number): number {
  const { literal } = segment
  if (literal !== null) {
    const found = text.indexOf(literal, from)
    return found === -1 ? -1 : found + literal.length
  }
  for (let at = from; at < text.length; at += characterAt(text, at).length) {
    const end = endOfMatch(segment, text, at)
    if (end !== -1) return end
  }
  return -1
}

/** As many characters before the end as it has. */
function startOfLast({ tokens, literal }: Segment, text: string): number {
  if (literal !== null) return text.length - literal.length
  let at = text.length
  for (let left = tokens.length; left > 0 && at >= 0; left--) {
    at -= isPair(text, at - 2) ? 2 : 1
  }
  return at
}

/** A character beyond the first 65,536 is a pair of units. */
function characterAt(text: string, at: number): string {
  return isPair(text, at) ? text.slice(at, at + 2) : text.charAt(at)
}

function isPair(text: string, at: number): boolean {
  return at >= 0 && (text.codePointAt(at) ?? 0) > 0xffff
}

function isOneOf(token: Token, character: string): boolean {
  if (token === "any") return true
  if (token === "run") return false
  if ("character" in token) return token.character === character
  const isListed = token.ranges.some(([from, to]) => from <= character && character <= to)
  return isListed !== token.isNegated
}
