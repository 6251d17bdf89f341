import { type FrameKey, frameKeyOf } from "./frame-keys.ts"
import { flagOf, type Matcher, readBracketed, readMatcher } from "./matcher.ts"
import { type Parsed, readRules, type Scanner } from "./scan.ts"

type StackKey = FrameKey | "app" | "category" | "type" | "value" | "mechanism"
export type StackMatcher = Matcher<StackKey>

/** newer: the frames after the one that fits, towards the crash; older: those before it. */
export type Range = "own" | "newer" | "older"

export type AppAction =
  | { kind: "app"; on: boolean; range: Range }
  | { kind: "category"; name: string }
export type GroupAction =
  | { kind: "group"; on: boolean; range: Range }
  | { kind: "max-frames"; count: number }
  | { kind: "min-frames"; count: number }
export type StackAction =
  | AppAction
  | GroupAction
  // Has a meaning nowhere any more; old texts of rules contain it.
  | { kind: "invert-stacktrace" }

/** One line: which frames are meant, and what becomes of them. */
export type StackRule = {
  text: string
  line: number
  matchers: StackMatcher[]
  /** The frame before, which called it. */
  caller: StackMatcher | null
  /** The frame after, which it called. */
  callee: StackMatcher | null
  actions: StackAction[]
}

const OTHER_KEYS = new Map<string, StackKey>([
  ["app", "app"],
  ["category", "category"],
  ["error.type", "type"],
  ["type", "type"],
  ["error.value", "value"],
  ["value", "value"],
  ["error.mechanism", "mechanism"],
  ["mechanism", "mechanism"],
])

const keyOf = (key: string) => frameKeyOf(key) ?? OTHER_KEYS.get(key)

export function parseStackRules(text: string): Parsed<StackRule> {
  return readRules(text, (scanner, line) => ({
    text: line.text,
    line: line.number,
    ...readRule(scanner),
  }))
}

function readRule(scanner: Scanner) {
  const caller = scanner.next() === "[" ? readBracketed(scanner, keyOf) : null
  if (caller && !scanner.take("|")) scanner.fail("expected | after the caller")
  const matchers: StackMatcher[] = []
  while (!scanner.isDone() && !scanner.startsWith("|") && !isAction(scanner)) {
    matchers.push(readMatcher(scanner, keyOf, "rule"))
  }
  if (matchers.length === 0) scanner.fail("expected a matcher, like function:main")
  const callee = scanner.take("|") ? readCallee(scanner) : null
  const actions: StackAction[] = []
  while (!scanner.isDone()) actions.push(readAction(scanner))
  if (actions.length === 0) scanner.fail("expected an action, like -app or category=system")
  return { caller, matchers, callee, actions }
}

function readCallee(scanner: Scanner): StackMatcher {
  if (scanner.next() !== "[") scanner.fail("expected [ before the callee")
  return readBracketed(scanner, keyOf)
}

const FLAG = /[v^]?[+-](?:app|group)(?!\S)/y
const VARIABLE = /[a-z-]{1,30}=[A-Za-z0-9_-]{1,60}(?!\S)/y
const ANY = /\S{1,60}/y
const LOOKS_LIKE_ACTION = /[v^]?[+-]|[a-z-]{1,30}=/y

function isAction(scanner: Scanner): boolean {
  scanner.next()
  const found = scanner.match(LOOKS_LIKE_ACTION)
  scanner.back(found.length)
  return found !== ""
}

function readAction(scanner: Scanner): StackAction {
  scanner.next()
  const start = scanner.column
  const flag = scanner.match(FLAG)
  if (flag !== "") return flagAction(flag)
  const variable = scanner.match(VARIABLE)
  const [name, value = ""] = variable.split("=")
  switch (name) {
    case "category":
      return { kind: "category", name: value }
    case "max-frames":
    case "min-frames":
      if (!/^\d{1,6}$/.test(value)) scanner.fail(`${name} needs a number`, start)
      return { kind: name, count: Number(value) }
    case "invert-stacktrace":
      if (flagOf(value) === undefined) scanner.fail(`${name} is yes or no`, start)
      return { kind: "invert-stacktrace" }
    default:
      return scanner.fail(`"${variable || scanner.match(ANY)}" is no action`, start)
  }
}

function flagAction(written: string): StackAction {
  const range: Range = written[0] === "^" ? "newer" : written[0] === "v" ? "older" : "own"
  const flag = range === "own" ? written : written.slice(1)
  const on = flag[0] === "+"
  return flag.endsWith("app") ? { kind: "app", on, range } : { kind: "group", on, range }
}
