import { ANY_EFFORT, type Effort } from "#platform/glob/effort.ts"
import { DEFAULT_FINGERPRINT_RULES } from "./default-fingerprint-rules.ts"
import { DEFAULT_STACK_RULES } from "./default-stack-rules.ts"
import { parseFingerprintRules } from "./fingerprint-grammar.ts"
import { type CompiledFingerprintRule, compileFingerprintRules } from "./fingerprint-rules.ts"
import { parseStackRules } from "./stack-grammar.ts"
import { compileStackRules, type StackRuleSet } from "./stack-rule-set.ts"

/** All rules that apply to a project's events, in their order. */
export type ProjectRules = {
  /** Ours, then the project's: later ones win. */
  stack: readonly StackRuleSet[]
  /** The project's, then ours: the first that fits wins. */
  fingerprint: readonly (readonly CompiledFingerprintRule[])[]
  /** What the project's rules may still take of the event that is decided. */
  effort: Effort
}

/**
 * Steps of the project's patterns an event: some tenths of a second. A thousand rules and the largest ordinary stack take a fifth of
 * it; an event that was made to be slow is decided by what fitted until then.
 */
const EFFORT_PER_EVENT = 4_000_000

/** What a project may write. */
export type RuleTexts = { stackTraceRules: string; fingerprintRules: string }

let builtIn: ProjectRules | undefined

/** Ours alone. Compiled when somebody asks: web and cron seldom do, and they take 10 MB. */
export function defaultRules(): ProjectRules {
  builtIn ??= {
    stack: [compileStackRules(parseStackRules(DEFAULT_STACK_RULES).rules)],
    fingerprint: [
      compileFingerprintRules(parseFingerprintRules(DEFAULT_FINGERPRINT_RULES).rules, {
        isBuiltIn: true,
        effort: ANY_EFFORT,
      }),
    ],
    effort: ANY_EFFORT,
  }
  return builtIn
}

/** Lines that are no rules count for nothing: the settings page does not let them through. */
export function compileProjectRules({
  stackTraceRules,
  fingerprintRules,
}: RuleTexts): ProjectRules {
  const ours = defaultRules()
  if (stackTraceRules === "" && fingerprintRules === "") return ours
  const effort = { left: EFFORT_PER_EVENT }
  const stack = compileStackRules(parseStackRules(stackTraceRules).rules, effort)
  const fingerprint = compileFingerprintRules(parseFingerprintRules(fingerprintRules).rules, {
    isBuiltIn: false,
    effort,
  })
  return {
    stack: [...ours.stack, stack],
    fingerprint: [fingerprint, ...ours.fingerprint],
    effort,
  }
}

/** For the next event. */
export function renewEffort({ effort }: ProjectRules): void {
  if (effort !== ANY_EFFORT) effort.left = EFFORT_PER_EVENT
}
