import { parseFingerprintRules } from "#grouping/rules/fingerprint-grammar.ts"
import { parseStackRules } from "#grouping/rules/stack-grammar.ts"
import { MAX_RULE_CHARACTERS } from "#projects/settings.ts"
import type { FieldErrors } from "../../components/forms/form.tsx"
import type { RulesForm } from "./rules-card.tsx"

type Complaint = { line: number; column: number; message: string }

/** What is wrong with rules, by field; null: nothing. */
export function rulesErrors({ fingerprintRules, stackTraceRules }: RulesForm): FieldErrors | null {
  const errors = {
    fingerprintRules: complaintsOf(fingerprintRules, parseFingerprintRules),
    stackTraceRules: complaintsOf(stackTraceRules, parseStackRules),
  }
  return errors.fingerprintRules || errors.stackTraceRules ? errors : null
}

function complaintsOf(
  text: string,
  parse: (text: string) => { errors: readonly Complaint[] },
): string | undefined {
  if (text.length > MAX_RULE_CHARACTERS) return "These are more rules than fit."
  const { errors } = parse(text)
  if (errors.length === 0) return undefined
  return errors
    .map(({ line, column, message }) => `Line ${line}, column ${column}: ${message}.`)
    .join(" ")
}
