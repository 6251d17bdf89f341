import { z } from "zod"
import { AppError } from "#platform/errors.ts"
import { FILTERED } from "../patterns.ts"
import {
  hasPattern,
  MAX_RULES,
  METHODS,
  type Method,
  RULE_TYPES,
  type RuleType,
  type ScrubRule,
} from "./rule.ts"

/** Sentry's names: `redact_pair` is our `keyname`. */
const redaction = z.object({ method: z.string(), text: z.string().optional() })
const piiRule = z.object({
  type: z.string(),
  pattern: z.string().optional(),
  keyPattern: z.string().optional(),
  replaceGroups: z.array(z.int()).nullish(),
  rules: z.array(z.string()).optional(),
  rule: z.string().optional(),
  redaction: redaction.nullish(),
})
const piiConfig = z.object({
  rules: z.record(z.string(), piiRule).default({}),
  applications: z.record(z.string(), z.array(z.string())).default({}),
})
type PiiConfig = z.infer<typeof piiConfig>
type PiiRule = z.infer<typeof piiRule>

/** How deep rules may stand for other rules. */
const MAX_DEPTH = 5

/** The rules as Sentry's API gives them, a text of JSON; null: there are none. */
export function writePiiConfig(rules: readonly ScrubRule[]): string | null {
  if (rules.length === 0) return null
  const config = {
    rules: {} as Record<string, object>,
    applications: {} as Record<string, string[]>,
  }
  for (const [index, rule] of rules.entries()) {
    const id = String(index)
    config.rules[id] = piiRuleOf(rule)
    config.applications[rule.source] = [...(config.applications[rule.source] ?? []), id]
  }
  return JSON.stringify(config)
}

function piiRuleOf({ type, pattern, method, text }: ScrubRule): object {
  const common = { redaction: { method, ...(method === "replace" && { text: text ?? FILTERED }) } }
  if (type === "keyname") return { type: "redact_pair", keyPattern: pattern, ...common }
  if (type === "pattern") return { type, pattern, ...common }
  return { type, ...common }
}

/**
 * The reverse, also of configurations that name Sentry's built-in rules (`@ip:mask`) or combine rules. Throws `invalid` saying what
 * cannot be done here; what a rule's parts must be, `checkScrub` says.
 */
export function readPiiConfig(text: string): ScrubRule[] {
  if (text.trim() === "") return []
  const parsed = piiConfig.safeParse(jsonOf(text))
  if (!parsed.success) throw refusal("This is no configuration of rules and applications.")
  const { applications, rules } = parsed.data
  const result: ScrubRule[] = []
  for (const [source, ids] of Object.entries(applications)) {
    for (const id of ids) {
      for (const rule of rulesNamed(id, rules, 0)) result.push({ ...rule, source })
      if (result.length > MAX_RULES) throw refusal(`At most ${MAX_RULES} rules.`)
    }
  }
  return result
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw refusal("This is not JSON.")
  }
}

type Unplaced = Omit<ScrubRule, "source">

function rulesNamed(id: string, rules: PiiConfig["rules"], depth: number): Unplaced[] {
  if (depth > MAX_DEPTH) throw refusal(`The rule "${id}" stands for too many others.`)
  if (!Object.hasOwn(rules, id)) return builtIn(id)
  const rule = rules[id] as PiiRule
  const others =
    rule.type === "multiple" ? rule.rules : rule.type === "alias" ? [rule.rule ?? ""] : null
  if (others) {
    if (others.length > MAX_RULES) throw refusal(`At most ${MAX_RULES} rules.`)
    const found = others.flatMap((other) => rulesNamed(other, rules, depth + 1))
    return rule.redaction ? found.map((each) => ({ ...each, ...methodOf(id, rule) })) : found
  }
  return [unplaced(id, rule)]
}

const COMMON: RuleType[] = [
  "password",
  "creditcard",
  "iban",
  "pemkey",
  "urlauth",
  "usssn",
  "userpath",
]

/** `@email`, `@email:mask`, `@common`. */
function builtIn(id: string): Unplaced[] {
  const [, name = "", how = "replace"] = /^@([a-z]{1,20})(?::([a-z]{1,20}))?$/.exec(id) ?? []
  const method = how === "filter" ? "replace" : how
  const types = name === "common" ? COMMON : RULE_TYPES.filter((type) => type === name)
  if (types.length === 0 || !isMethod(method)) throw refusal(`There is no rule "${id}".`)
  const isNamed = how === "replace" && name !== "common"
  return types.map((type) => ({ type, method, ...(isNamed && { text: `[${type}]` }) }))
}

function unplaced(id: string, rule: PiiRule): Unplaced {
  const type = rule.type === "redact_pair" ? "keyname" : rule.type
  const known = RULE_TYPES.find((each) => each === type)
  if (!known) throw refusal(`The rule "${id}" is of a type that is not known: ${rule.type}.`)
  const pattern = known === "keyname" ? rule.keyPattern : rule.pattern
  return {
    type: known,
    ...methodOf(id, rule),
    ...(hasPattern(known) && { pattern: wholeIf(rule, pattern ?? "") }),
  }
}

/** Here a group narrows what is changed; where that is not meant, a group around everything says so. */
function wholeIf({ type, replaceGroups }: PiiRule, pattern: string): string {
  if (type !== "pattern" || !/\((?!\?)|\(\?P?</.test(pattern)) return pattern
  const [group = 1, ...others] = replaceGroups ?? []
  if (others.length > 0 || group > 1) throw refusal("Only the first group can be changed alone.")
  return group === 0 ? `(${pattern})` : pattern
}

function methodOf(id: string, { redaction: wanted }: PiiRule): Pick<ScrubRule, "method" | "text"> {
  const method = !wanted || wanted.method === "default" ? "replace" : wanted.method
  if (!isMethod(method))
    throw refusal(`The rule "${id}" has a method that is not known: ${method}.`)
  const text = wanted?.text
  const isOwn = method === "replace" && text !== undefined && text !== FILTERED
  return { method, ...(isOwn && { text }) }
}

function isMethod(text: string): text is Method {
  return (METHODS as readonly string[]).includes(text)
}

function refusal(message: string): AppError {
  return new AppError("invalid", message, { field: "relayPiiConfig" })
}
