import { AppError } from "#platform/errors.ts"
import { FILTERED, isTelling } from "../patterns.ts"
import { isSecretName } from "../words.ts"
import { type Expression, expressionOf } from "./expression.ts"
import type { Field } from "./fields.ts"
import { type CompiledSelector, compileSelector, type PathMachine } from "./path-matcher.ts"
import type { Redaction } from "./redact.ts"
import { hasPattern, nameOfRule, type RuleOwner, type ScrubRule } from "./rule.ts"
import { parseSelector } from "./selector.ts"
import { type Span, spansOf } from "./shapes.ts"

export type OwnedRule = { rule: ScrubRule; owner: RuleOwner }

/** Rules made ready, and the paths of all of them in one row. */
export type RuleSet = {
  rules: CompiledRule[]
  machines: PathMachine[]
  /** Of all paths: see PathMachine. */
  firstTypes: number
  hasNegation: boolean
}

export type CompiledRule = {
  redaction: Redaction
  reach: CompiledSelector["reach"]
  isNegative: boolean
  /** Where its paths begin in the row. */
  firstPath: number
  /** Whether a value goes as a whole because of its name. */
  isSecretName(name: string, effort: Effort): boolean
  isWhole(text: string, field: Field): boolean
  /** What of a text goes; null: more than it is worth looking for. */
  spans(text: string, effort: Effort): Span[] | null
}

/** Steps that are left for one event: a hostile one must not occupy the worker. */
export type Effort = { left: number }

/** More secrets in one text than this, and all of it goes. */
const MAX_SPANS = 200
const BUILT_IN_STEPS = 4

/** The rules that make sense, in their order. */
export function compileRules(owned: readonly OwnedRule[], hashKey: string): RuleSet {
  const rules: CompiledRule[] = []
  const machines: PathMachine[] = []
  for (const { rule, owner } of owned) {
    const compiled = compileRule(rule, owner, { hashKey, machines })
    if (compiled) rules.push(compiled)
  }
  return {
    rules,
    machines,
    firstTypes: machines.reduce((bits, { firstTypes }) => bits | firstTypes, 0),
    hasNegation: rules.some(({ isNegative }) => isNegative),
  }
}

/** null: another version's rule, which this one cannot read. */
function compileRule(
  rule: ScrubRule,
  owner: RuleOwner,
  { hashKey, machines }: { hashKey: string; machines: PathMachine[] },
): CompiledRule | null {
  try {
    const { reach, paths, isNegative } = compileSelector(parseSelector(rule.source))
    const expression = hasPattern(rule.type) ? expressionOf(rule.pattern ?? "") : null
    const firstPath = machines.length
    machines.push(...paths)
    return {
      redaction: {
        rule: nameOfRule(rule, owner),
        method: rule.method,
        text: rule.text ?? FILTERED,
        hashKey,
      },
      ...{ reach, isNegative, firstPath },
      ...findersOf(rule, expression),
    }
  } catch (error) {
    if (error instanceof AppError) return null
    throw error
  }
}

type Finders = Pick<CompiledRule, "isSecretName" | "isWhole" | "spans">
const no = () => false
const none = (): Span[] => []

function findersOf({ type }: ScrubRule, expression: Expression | null): Finders {
  if (type === "anything") return { isSecretName: () => true, isWhole: no, spans: none }
  if (type === "keyname" && expression) {
    return { isSecretName: nameFinder(expression), isWhole: no, spans: none }
  }
  if (expression) {
    return {
      isSecretName: no,
      isWhole: no,
      spans: (text, effort) => search(expression, text, effort),
    }
  }
  const isPassword = type === "password"
  return {
    isSecretName: isPassword ? isSecretName : no,
    // As the built-in list sees it; of what people read, only the password goes.
    isWhole: isPassword ? (text, { isProse }) => !isProse && isTelling(text) : no,
    spans(text, effort) {
      effort.left -= text.length * BUILT_IN_STEPS
      const spans = spansOf(type, text, MAX_SPANS)
      return effort.left < 0 || spans.length >= MAX_SPANS ? null : spans
    },
  }
}

function nameFinder(expression: Expression): CompiledRule["isSecretName"] {
  return (name, effort) => {
    effort.left -= name.length * expression.size
    return effort.left < 0 || expression.isIn(name)
  }
}

function search(expression: Expression, text: string, effort: Effort): Span[] | null {
  const spans: Span[] = []
  let from = 0
  while (from <= text.length) {
    effort.left -= (text.length - from + 1) * expression.size
    if (effort.left < 0 || spans.length >= MAX_SPANS) return null
    const match = expression.find(text, from)
    if (!match) break
    spans.push(match.span)
    from = match.next
  }
  return spans
}
