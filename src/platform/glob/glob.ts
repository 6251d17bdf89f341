import { ANY_EFFORT, type Effort } from "./effort.ts"
import { readGlob, type Token } from "./read.ts"
import { segmentsTest } from "./segments.ts"
import { walkOf } from "./walk.ts"

/** In paths `*` and `?` stay within a folder, case does not matter, and `\` is a separator like `/`. */
export type GlobKind = "text" | "path"

/** Whether the whole of a text fits a pattern. Takes time in proportion to the text, whatever the pattern. */
export type Glob = (text: string) => boolean

/**
 * `*` any run, also of line feeds, `?` one character, `[a-z]` `[!a]` one of a class, `{this,that}` either; in texts `\` takes a character's
 * meaning away. A fault in words for the person who wrote what is no pattern.
 */
export function compileGlob(
  pattern: string,
  kind: GlobKind,
  { ignoreCase = kind === "path", effort = ANY_EFFORT } = {},
): { matches: Glob } | { fault: string } {
  const cased = ignoreCase ? pattern.toLowerCase() : pattern
  const read = readGlob(kind === "path" ? cased.replaceAll("\\", "/") : cased)
  if ("fault" in read) return read
  const tests = read.alternatives.map((tokens) => testOf(tokens, kind, effort))
  const [only] = tests
  const test: Glob = only && tests.length === 1 ? only : (text) => tests.some((glob) => glob(text))
  const matches = casedTest(test, kind, ignoreCase)
  if (effort === ANY_EFFORT) return { matches }
  return { matches: (text) => isLeft(effort, text, tests.length) && matches(text) }
}

function casedTest(test: Glob, kind: GlobKind, ignoreCase: boolean): Glob {
  if (!ignoreCase) return test
  return kind === "path" ? (path) => fitsPath(test, path) : (text) => test(text.toLowerCase())
}

/** What looking at the text costs in any case; its characters are passed over many at once. */
function isLeft(effort: Effort, text: string, alternatives: number): boolean {
  effort.left -= alternatives * (1 + text.length / 32)
  return effort.left >= 0
}

function testOf(tokens: readonly Token[], kind: GlobKind, effort: Effort): Glob {
  const staysInFolder = (token: Token) =>
    token.is === "one" || (token.is === "run" && !token.isDeep)
  return kind === "path" && tokens.some(staysInFolder)
    ? walkOf(tokens, effort)
    : segmentsTest(tokens, effort)
}

/** A relative path is also looked at as if it began at the root. */
function fitsPath(test: Glob, path: string): boolean {
  const text = path.toLowerCase().replaceAll("\\", "/")
  return test(text) || (!text.startsWith("/") && test(`/${text}`))
}
