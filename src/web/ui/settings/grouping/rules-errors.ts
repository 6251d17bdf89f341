import { parseFingerprintRules } from "#grouping/rules/fingerprint-grammar.ts"
import { parseStackRules } from "#grouping/rules/stack-grammar.ts"
import { MAX_RULE_CHARACTERS } from "#projects/settings.ts"
import type { FieldErrors } from "../../components/forms/form.tsx"
import type { RulesForm } from "./rules-card.tsx"

export type Complaint = { line: number; column: number; message: string }

/** What is wrong with rules: in a word for each field, and the lines that are to blame. */
export type RulesErrors = {
  fields: FieldErrors
  lines: Partial<Record<keyof RulesForm, Complaint[]>>
}

const PARSERS = { fingerprintRules: parseFingerprintRules, stackTraceRules: parseStackRules }

/** null: nothing. */
export function rulesErrors(form: RulesForm): RulesErrors | null {
  const fields: Record<string, string> = {}
  const lines: RulesErrors["lines"] = {}
  for (const field of ["fingerprintRules", "stackTraceRules"] as const) {
    if (form[field].length > MAX_RULE_CHARACTERS) {
      fields[field] = `These are more rules than fit: ${MAX_RULE_CHARACTERS / 1024} KiB at most.`
      continue
    }
    const { errors } = PARSERS[field](form[field])
    const [first] = errors
    if (!first) continue
    lines[field] = errors
    fields[field] =
      errors.length === 1
        ? `Line ${first.line} is no rule.`
        : `${errors.length} lines are no rules, the first is line ${first.line}.`
  }
  return Object.keys(fields).length > 0 ? { fields, lines } : null
}
