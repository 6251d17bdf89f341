import { type FrameKey, frameKeyOf } from "./frame-keys.ts"
import { type Matcher, readBracketed, readMatcher } from "./matcher.ts"
import { type Parsed, readRules, type Scanner } from "./scan.ts"

type ThreadKey = "thread.id" | "thread.name" | "thread.state" | "thread.crashed" | "thread.current"
type OtherKey = "app" | "type" | "value" | "message" | "logger" | "level" | "release" | "sdk"
export type FingerprintKey = FrameKey | OtherKey | ThreadKey | `tags.${string}`
export type FingerprintMatcher = Matcher<FingerprintKey>

/** One line: which events are meant, and what makes them one issue. */
export type FingerprintRule = {
  text: string
  line: number
  matchers: FingerprintMatcher[]
  caller: FingerprintMatcher | null
  callee: FingerprintMatcher | null
  /** Texts and `{{ variable }}`. */
  fingerprint: string[]
  title: string | null
}

const KEYS = new Map<string, FingerprintKey>([
  ["app", "app"],
  ["error.type", "type"],
  ["type", "type"],
  ["error.value", "value"],
  ["value", "value"],
  ["message", "message"],
  ["logger", "logger"],
  ["level", "level"],
  ["release", "release"],
  ["sdk", "sdk"],
  ["thread.id", "thread.id"],
  ["thread.name", "thread.name"],
  ["thread.state", "thread.state"],
  ["thread.crashed", "thread.crashed"],
  ["thread.current", "thread.current"],
])

function keyOf(key: string): FingerprintKey | undefined {
  if (key.startsWith("tags.") && key.length > "tags.".length) return key as `tags.${string}`
  return frameKeyOf(key) ?? KEYS.get(key)
}

/** What stands in brackets is about a frame. */
function neighbourKeyOf(key: string): FingerprintKey | undefined {
  return key === "app" ? "app" : frameKeyOf(key)
}

export function parseFingerprintRules(text: string): Parsed<FingerprintRule> {
  return readRules(text, (scanner, line) => ({
    text: line.text,
    line: line.number,
    ...readRule(scanner),
  }))
}

function readRule(scanner: Scanner) {
  const caller = scanner.next() === "[" ? readBracketed(scanner, neighbourKeyOf) : null
  if (caller && !scanner.take("|")) scanner.fail("expected | after the caller")
  const matchers: FingerprintMatcher[] = []
  while (scanner.next() !== "" && !scanner.startsWith("->") && !scanner.startsWith("|")) {
    matchers.push(readMatcher(scanner, keyOf, "rule"))
  }
  if (matchers.length === 0) scanner.fail("expected a matcher, like error.type:Timeout")
  const callee = scanner.take("|") ? readCallee(scanner) : null
  if (!scanner.take("->")) scanner.fail("expected -> and a fingerprint")
  return { caller, matchers, callee, ...readResult(scanner) }
}

function readCallee(scanner: Scanner): FingerprintMatcher {
  if (scanner.next() !== "[") scanner.fail("expected [ before the callee")
  return readBracketed(scanner, neighbourKeyOf)
}

const ATTRIBUTE = /[A-Za-z_]{1,60}=(?=")/y
const VARIABLE = /\{\{\s{0,10}[^\s{}]{1,250}\s{0,10}\}\}/y
const WORD = /[^\s,{]{1,1024}/y

function readResult(scanner: Scanner): { fingerprint: string[]; title: string | null } {
  const fingerprint: string[] = []
  let title: string | null = null
  do {
    scanner.next()
    const start = scanner.column
    const attribute = scanner.match(ATTRIBUTE)
    if (attribute === "title=") title = scanner.quoted()
    else if (attribute !== "")
      scanner.fail(`there is no attribute "${attribute.slice(0, -1)}"`, start)
    else fingerprint.push(readValue(scanner))
    scanner.take(",")
  } while (!scanner.isDone())
  if (fingerprint.length === 0) scanner.fail("expected a fingerprint")
  return { fingerprint, title }
}

function readValue(scanner: Scanner): string {
  const start = scanner.column
  const next = scanner.next()
  if (next === '"') return scanner.quoted()
  if (next === "{") {
    const variable = scanner.match(VARIABLE)
    return variable || scanner.fail("expected a variable, like {{ error.type }}", start)
  }
  return scanner.match(WORD) || scanner.fail("expected a fingerprint", start)
}
