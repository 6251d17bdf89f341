import { ANY_EFFORT, type Effort } from "#platform/glob/effort.ts"
import type { GroupingException, GroupingFrame } from "../event.ts"
import { familyOf } from "../platform.ts"
import { type FactsTest, type FrameFacts, factsOf, factsTest } from "./frame-facts.ts"
import type { FrameKey } from "./frame-keys.ts"
import { createKnownFrames, type KnownFrames } from "./known-frames.ts"
import { flagOf, type Matcher, textTest } from "./matcher.ts"
import type {
  AppAction,
  GroupAction,
  StackAction,
  StackMatcher,
  StackRule,
} from "./stack-grammar.ts"
import type { StackState } from "./stack-state.ts"

type StateTest = (state: StackState, index: number) => boolean
type ExceptionTest = (exception: GroupingException | null) => boolean

/** The matchers of one frame by what they depend on. */
type FrameTest = { facts: FactsTest[]; state: StateTest[] }

export type CompiledRule = {
  text: string
  own: FrameTest
  caller: FrameTest | null
  callee: FrameTest | null
  exception: ExceptionTest[]
  /** The one category that a frame must have; null: any will do, or a pattern tells. */
  category: string | null
  appActions: AppAction[]
  groupActions: GroupAction[]
  /** How many of its actions are for all frames on one side. */
  ranges: Record<Pass, number>
}

/**
 * Compiled rules of one text. Most frames come again with each event, so which rules a frame fits by its names is remembered:
 * 300 rules and 40 frames then cost a few microseconds.
 */
export type StackRuleSet = {
  rules: readonly CompiledRule[]
  /** Rules that any frame may fit, whatever its names are; by what they decide. */
  anywhere: Record<Pass, readonly number[]>
  /** Rules by the families whose frames they can fit. */
  ofFamily: ReadonlyMap<string, readonly number[]>
  known: KnownFrames
  /** What its rules may take of an event; spent, they fit nothing any more. */
  effort: Effort
}

/** app: which frames are the application's; group: which of them count. */
export type Pass = "app" | "group"

/** What makes a pattern more than a text. */
const MAGIC = /[*?[{}\\]/
const FAMILIES = ["native", "javascript", "other"]
const NONE: readonly number[] = []

export function compileStackRules(
  parsed: readonly StackRule[],
  effort: Effort = ANY_EFFORT,
): StackRuleSet {
  const rules = parsed.map((rule) => compileRule(rule, effort))
  const named = rules.flatMap((rule, index) => (rule.own.facts.length > 0 ? [index] : []))
  const unnamed = rules.flatMap((rule, index) => (rule.own.facts.length === 0 ? [index] : []))
  return {
    rules,
    anywhere: {
      app: unnamed.filter((index) => (rules[index]?.appActions.length ?? 0) > 0),
      group: unnamed.filter((index) => (rules[index]?.groupActions.length ?? 0) > 0),
    },
    ofFamily: new Map(
      FAMILIES.map((family) => [family, named.filter((index) => canBeOf(parsed[index], family))]),
    ),
    known: createKnownFrames(),
    effort,
  }
}

function canBeOf(rule: StackRule | undefined, family: string): boolean {
  const nobody = { function: undefined, module: undefined, path: undefined, package: undefined }
  const matchers = rule?.matchers.filter(({ key }) => key === "family") as Matcher<FrameKey>[]
  return matchers.every((matcher) => factsTest(matcher, ANY_EFFORT)({ ...nobody, family }))
}

function compileRule(
  { text, matchers, caller, callee, actions }: StackRule,
  effort: Effort,
): CompiledRule {
  const plain = matchers.find(
    ({ key, isNegated, pattern }) => key === "category" && !isNegated && !MAGIC.test(pattern),
  )
  return {
    text,
    own: frameTest(
      matchers.filter((matcher) => matcher !== plain),
      effort,
    ),
    caller: caller && frameTest([caller], effort),
    callee: callee && frameTest([callee], effort),
    exception: [...matchers, ...(caller ? [caller] : []), ...(callee ? [callee] : [])].flatMap(
      (matcher) => exceptionTest(matcher, effort),
    ),
    category: plain?.pattern ?? null,
    appActions: actions.filter((action) => action.kind === "app" || action.kind === "category"),
    groupActions: actions.filter(isGroupAction),
    ranges: { app: rangesIn(actions, "app"), group: rangesIn(actions, "group") },
  }
}

function rangesIn(actions: readonly StackAction[], pass: Pass): number {
  return actions.filter((action) => action.kind === pass && action.range !== "own").length
}

function isGroupAction(action: StackAction): action is GroupAction {
  return ["group", "max-frames", "min-frames"].includes(action.kind)
}

function frameTest(matchers: readonly StackMatcher[], effort: Effort): FrameTest {
  return {
    facts: matchers.flatMap((matcher) => (isOfFacts(matcher) ? [factsTest(matcher, effort)] : [])),
    state: matchers.flatMap((matcher) => stateTest(matcher, effort)),
  }
}

function isOfFacts(matcher: StackMatcher): matcher is Matcher<FrameKey> {
  return !["app", "category", "type", "value", "mechanism"].includes(matcher.key)
}

function stateTest({ key, pattern, isNegated }: StackMatcher, effort: Effort): StateTest[] {
  if (key === "category") {
    const fits = MAGIC.test(pattern)
      ? textTest(pattern, { kind: "text", effort })
      : (category: string | undefined) => category === pattern
    return [({ category }, index) => fits(category[index]) !== isNegated]
  }
  if (key !== "app") return []
  const flag = flagOf(pattern)
  return [({ inApp }, index) => (flag !== undefined && inApp[index] === flag) !== isNegated]
}

function exceptionTest({ key, pattern, isNegated }: StackMatcher, effort: Effort): ExceptionTest[] {
  if (key !== "type" && key !== "value" && key !== "mechanism") return []
  const fits = textTest(pattern, { kind: "text", effort })
  return [
    (exception) => {
      const found = key === "mechanism" ? exception?.mechanism?.type : exception?.[key]
      return fits(found || "<unknown>") !== isNegated
    },
  ]
}

/** Which rules fit a frame by its names, ascending. */
export function rulesByNames(
  set: StackRuleSet,
  frame: GroupingFrame,
  platform: string,
): readonly number[] {
  const family = familyOf(frame.platform || platform)
  const ofFamily = set.ofFamily.get(family) ?? NONE
  if (ofFamily.length === 0) return NONE
  const known = set.known.find(frame, frame.platform || platform)
  if (known) return known
  const facts = factsOf(frame, platform)
  const fitting = ofFamily.filter((index) => fitsFacts(set.rules[index]?.own, facts))
  const found = fitting.length === 0 ? NONE : fitting
  if (set.effort.left >= 0) set.known.add(frame, frame.platform || platform, found)
  return found
}

function fitsFacts(test: FrameTest | undefined, facts: FrameFacts): boolean {
  return test?.facts.every((fits) => fits(facts)) ?? false
}

/** Whether a rule whose names fit the frame at `index` fits it altogether. */
export function fitsState(
  rule: CompiledRule,
  state: StackState,
  index: number,
  platform: string,
): boolean {
  if (rule.category !== null && state.category[index] !== rule.category) return false
  for (const fits of rule.own.state) if (!fits(state, index)) return false
  return (
    (rule.caller === null || fitsNeighbour(rule.caller, state, index - 1, platform)) &&
    (rule.callee === null || fitsNeighbour(rule.callee, state, index + 1, platform))
  )
}

function fitsNeighbour(
  test: FrameTest,
  state: StackState,
  index: number,
  platform: string,
): boolean {
  const frame = state.frames[index]
  if (!frame || !test.state.every((fits) => fits(state, index))) return false
  return test.facts.length === 0 || fitsFacts(test, factsOf(frame, platform))
}
