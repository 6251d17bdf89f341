import type { Effort } from "#platform/glob/effort.ts"
import type { GroupingEvent } from "../event.ts"
import type { FingerprintKey, FingerprintMatcher, FingerprintRule } from "./fingerprint-grammar.ts"
import { FingerprintItems, type FrameItem } from "./fingerprint-items.ts"
import { factsTest } from "./frame-facts.ts"
import type { FrameKey } from "./frame-keys.ts"
import { flagOf, listTest, type Matcher, textTest } from "./matcher.ts"

type Test = (items: FingerprintItems) => boolean

export type CompiledFingerprintRule = Pick<FingerprintRule, "text" | "fingerprint" | "title"> & {
  isBuiltIn: boolean
  tests: Test[]
}

/** Matchers of one kind must all fit the same thing: one exception, one frame, one thread. */
export function compileFingerprintRules(
  rules: readonly FingerprintRule[],
  { isBuiltIn, effort }: { isBuiltIn: boolean; effort: Effort },
): CompiledFingerprintRule[] {
  return rules.map(({ text, fingerprint, title, ...rule }) => ({
    text,
    fingerprint,
    title,
    isBuiltIn,
    tests: testsOf(rule, effort),
  }))
}

/** The first rule that fits the event. */
export function findFingerprintRule(
  event: GroupingEvent,
  tags: readonly (readonly [key: string, value: string])[],
  rules: readonly (readonly CompiledFingerprintRule[])[],
): CompiledFingerprintRule | null {
  const items = new FingerprintItems(event, tags)
  for (const list of rules) {
    const found = list.find(({ tests }) => tests.every((fits) => fits(items)))
    if (found) return found
  }
  return null
}

type RuleMatchers = Pick<FingerprintRule, "matchers" | "caller" | "callee">

function testsOf({ matchers, caller, callee }: RuleMatchers, effort: Effort): Test[] {
  const tests: Test[] = []
  const cheap = matchers.flatMap((matcher) => eventTest(matcher, effort))
  const exceptions = matchers.flatMap((matcher) => exceptionTest(matcher, effort))
  const messages = matchers
    .filter(({ key }) => key === "message")
    .map((matcher) => messageTest(matcher, effort))
  const frames = matchers.flatMap((matcher) => frameTest(matcher, effort))
  const threads = matchers.flatMap((matcher) => threadTest(matcher, effort))
  tests.push(...cheap)
  if (exceptions.length > 0) {
    tests.push((items) => items.exceptions.some((each) => exceptions.every((fits) => fits(each))))
  }
  if (messages.length > 0) {
    tests.push((items) => items.messages.some((each) => messages.every((fits) => fits(each))))
  }
  if (frames.length > 0 || caller || callee) {
    const [before, after] = [caller, callee].map((each) => (each ? frameTest(each, effort) : []))
    tests.push((items) =>
      items.frames.some(
        (each) =>
          frames.every((fits) => fits(each)) &&
          fitsNeighbour(before, each, -1) &&
          fitsNeighbour(after, each, 1),
      ),
    )
  }
  if (threads.length > 0) {
    tests.push((items) => items.threads.some((each) => threads.every((fits) => fits(each))))
  }
  // What could not be looked at any more fits no "!" either.
  tests.push(() => effort.left >= 0)
  return tests
}

/** Matchers about the event as a whole. */
function eventTest({ key, pattern, isNegated }: FingerprintMatcher, effort: Effort): Test[] {
  const test = (
    fits: (text: string | undefined) => boolean,
    read: (items: FingerprintItems) => string | undefined,
  ): Test[] => [(items) => fits(read(items)?.trim()) !== isNegated]
  switch (key) {
    case "level":
      return test(
        textTest(pattern, { kind: "text", ignoreCase: true, effort }),
        ({ event }) => event.level,
      )
    case "logger":
      return test(textTest(pattern, { kind: "text", effort }), ({ event }) => event.logger)
    case "release":
      return test(textTest(pattern, { kind: "path", effort }), ({ event }) => event.release)
    case "sdk":
      return test(listTest(pattern), ({ event }) => event.sdk?.name)
    case "family":
      return test(listTest(pattern), (items) => items.family)
    default:
      if (!isTag(key)) return []
      return test(textTest(pattern, { kind: "text", effort }), (items) =>
        items.tag(key.slice("tags.".length)),
      )
  }
}

function isTag(key: FingerprintKey): key is `tags.${string}` {
  return key.startsWith("tags.")
}

type ExceptionTest = (exception: { type?: string; value?: string }) => boolean

function exceptionTest(
  { key, pattern, isNegated }: FingerprintMatcher,
  effort: Effort,
): ExceptionTest[] {
  if (key !== "type" && key !== "value") return []
  const fits = textTest(pattern, { kind: "text", ignoreCase: key === "value", effort })
  return [(exception) => fits(exception[key]?.slice(0, MAX_CHARACTERS).trim()) !== isNegated]
}

const MAX_CHARACTERS = 8_192

function messageTest(
  { pattern, isNegated }: FingerprintMatcher,
  effort: Effort,
): (message: string) => boolean {
  const fits = textTest(pattern, { kind: "text", ignoreCase: true, effort })
  return (message) => fits(message) !== isNegated
}

type FrameTest = (item: FrameItem) => boolean

function frameTest(matcher: FingerprintMatcher, effort: Effort): FrameTest[] {
  const { key, pattern, isNegated } = matcher
  if (key === "app") {
    const flag = flagOf(pattern)
    return [({ inApp }) => (flag !== undefined && inApp === flag) !== isNegated]
  }
  if (!isFrameKey(matcher)) return []
  const fits = factsTest({ ...matcher, isNegated: false }, effort)
  return [({ facts, short }) => (fits(facts) || (key === "path" && fits(short))) !== isNegated]
}

/** `family` is that of the event here. */
function isFrameKey(matcher: FingerprintMatcher): matcher is Matcher<FrameKey> {
  return ["function", "module", "path", "package"].includes(matcher.key)
}

function fitsNeighbour(tests: readonly FrameTest[] = [], item: FrameItem, step: 1 | -1): boolean {
  if (tests.length === 0) return true
  const neighbour = item.stack[item.index + step]
  return neighbour !== undefined && tests.every((fits) => fits(neighbour))
}

type ThreadTest = (thread: FingerprintItems["threads"][number]) => boolean

function threadTest({ key, pattern, isNegated }: FingerprintMatcher, effort: Effort): ThreadTest[] {
  switch (key) {
    case "thread.crashed":
    case "thread.current": {
      const flag = flagOf(pattern.toLowerCase())
      const name = key === "thread.crashed" ? "crashed" : "current"
      return [(thread) => (flag !== undefined && (thread[name] ?? false) === flag) !== isNegated]
    }
    case "thread.id":
    case "thread.name":
    case "thread.state": {
      const fits = textTest(pattern, { kind: "text", ignoreCase: true, effort })
      const name = key.slice("thread.".length) as "id" | "name" | "state"
      return [
        (thread) =>
          fits(thread[name] === undefined ? undefined : String(thread[name])) !== isNegated,
      ]
    }
    default:
      return []
  }
}
