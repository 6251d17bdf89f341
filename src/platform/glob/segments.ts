import type { Effort } from "./effort.ts"
import type { Glob } from "./glob.ts"
import { isOneOf, type Token } from "./read.ts"

/** What matches between two `*`: of a known number of characters. */
type Segment = { tokens: Token[]; literal: string | null }

/** Takes at most (length of the text × length of the pattern) steps: nothing is tried again. */
export function segmentsTest(pattern: readonly Token[], effort: Effort): Glob {
  const [first = segmentOf([]), ...others] = splitAtRuns(pattern).map(segmentOf)
  const last = others.pop()
  if (!last) return (text) => endOfMatch(first, text, 0) === text.length
  return (text) => matchesWhole({ first, between: others, last }, text, effort)
}

function splitAtRuns(pattern: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]]
  for (const token of pattern) {
    if (token.is === "run") parts.push([])
    else parts.at(-1)?.push(token)
  }
  return parts
}

function segmentOf(tokens: Token[]): Segment {
  return { tokens, literal: literalOf(tokens) }
}

function literalOf(tokens: readonly Token[]): string | null {
  let literal = ""
  for (const token of tokens) {
    if (token.is !== "character") return null
    literal += token.character
  }
  return literal
}

/** First and last stand at the ends; each between is taken where it is found first, which leaves the most room to the others. */
function matchesWhole(
  { first, between, last }: { first: Segment; between: readonly Segment[]; last: Segment },
  text: string,
  effort: Effort,
): boolean {
  const start = startOfLast(last, text)
  if (start < 0 || endOfMatch(last, text, start) !== text.length) return false
  let at = endOfMatch(first, text, 0)
  for (const segment of between) {
    if (at === -1) return false
    at = endOfFirst(segment, text, { from: at, effort })
  }
  return at !== -1 && at <= start
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

function endOfFirst(
  segment: Segment,
  text: string,
  { from, effort }: { from: number; effort: Effort },
): number {
  const { literal } = segment
  if (literal !== null) {
    const found = text.indexOf(literal, from)
    return found === -1 ? -1 : found + literal.length
  }
  for (let at = from; at < text.length; at += characterAt(text, at).length) {
    const end = endOfMatch(segment, text, at)
    effort.left -= segment.tokens.length
    if (end !== -1 || effort.left < 0) return end
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
