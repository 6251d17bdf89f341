import type { Effort } from "#platform/glob/effort.ts"
import { compileGlob } from "#platform/glob/glob.ts"
import type { Scanner } from "./scan.ts"

/** `!key:pattern` as it was written. */
export type Matcher<Key extends string> = {
  key: Key
  isNegated: boolean
  pattern: string
}

const KEY = /[A-Za-z0-9_.-]{1,250}(?=:)/y
const WORD = /\S{1,4096}/y

/** Reads one matcher; `nameOf` says what a key means, undefined: nothing. Within brackets a "]" at the end closes them. */
export function readMatcher<Key extends string>(
  scanner: Scanner,
  nameOf: (key: string) => Key | undefined,
  within: "rule" | "brackets",
): Matcher<Key> {
  const isNegated = scanner.take("!")
  const start = scanner.column
  const written = scanner.next() === '"' ? scanner.quoted() : scanner.match(KEY)
  if (written === "" || !scanner.startsWith(":")) {
    scanner.fail("expected a matcher, like function:main", start)
  }
  const key = nameOf(written)
  if (key === undefined) scanner.fail(`there is nothing called "${written}" to match`, start)
  scanner.take(":")
  const place = scanner.column
  const pattern = readPattern(scanner, written, within)
  const fault = faultOf(key, pattern)
  if (fault !== null) scanner.fail(`this is no pattern: ${fault}`, place)
  return { key, isNegated, pattern }
}

/** Keys that are compared with a list of words or a yes. */
const WITHOUT_PATTERN = new Set(["family", "sdk", "app", "thread.crashed", "thread.current"])
/** Keys whose `*` stays within a folder. */
const PATHS = new Set(["path", "package", "release"])

const kindOf = (key: string) => (PATHS.has(key) ? "path" : "text")

function faultOf(key: string, pattern: string): string | null {
  if (WITHOUT_PATTERN.has(key)) return null
  const glob = compileGlob(pattern, kindOf(key))
  return "fault" in glob ? glob.fault.replace(/\.$/, "") : null
}

function readPattern(scanner: Scanner, key: string, within: "rule" | "brackets"): string {
  if (scanner.startsWith('"')) return scanner.quoted()
  const start = scanner.column
  const word = scanner.match(WORD)
  const isClosing = within === "brackets" && word.endsWith("]") && !/\[[^\]]{0,250}\]$/.test(word)
  if (isClosing) scanner.back(1)
  const pattern = isClosing ? word.slice(0, -1) : word
  if (pattern === "") scanner.fail(`"${key}:" needs a value`, start)
  return pattern
}

/** `[ matcher ]`; the scanner stands before the bracket. */
export function readBracketed<Key extends string>(
  scanner: Scanner,
  nameOf: (key: string) => Key | undefined,
): Matcher<Key> {
  scanner.take("[")
  const matcher = readMatcher(scanner, nameOf, "brackets")
  if (!scanner.take("]")) scanner.fail("expected ]")
  return matcher
}

/** Compares one text; what is missing never fits. */
export type TextTest = (text: string | undefined) => boolean

export function textTest(
  pattern: string,
  how: { kind: "text" | "path"; ignoreCase?: boolean; effort: Effort },
): TextTest {
  const { kind, ...options } = how
  const glob = compileGlob(pattern, kind, options)
  // What is no pattern fits nothing.
  return (text) => text !== undefined && "matches" in glob && glob.matches(text)
}

const YES = new Set(["1", "true", "yes"])
const NO = new Set(["0", "false", "no"])

/** Any other word is neither. */
export function flagOf(pattern: string): boolean | undefined {
  return YES.has(pattern) ? true : NO.has(pattern) ? false : undefined
}

/** `javascript,native`, `all`. */
export function listTest(pattern: string): TextTest {
  const names = new Set(pattern.split(",").map((name) => name.trim()))
  return (text) => names.has("all") || (text !== undefined && names.has(text))
}
