import type { OrganizationScrub, ProjectScrub } from "#normalize/scrub/layers.ts"
import {
  hasPattern,
  MAX_RULES,
  METHODS,
  type Method,
  RULE_TYPES,
  type RuleType,
  type ScrubRule,
} from "#normalize/scrub/rules/rule.ts"
import { AppError } from "#platform/errors.ts"
import type { FormData } from "../../form-data.ts"

const RULE_PARTS = ["method", "type", "source", "pattern", "text"] as const
/** As typed. */
export type RuleForm = Record<(typeof RULE_PARTS)[number], string>
export type ScrubForm = {
  scrubData: boolean
  scrubDefaults: boolean
  scrubIp: boolean
  sensitiveFields: string
  safeFields: string
  rules: RuleForm[]
}

const NEW_RULE: RuleForm = {
  method: "mask",
  type: "creditcard",
  source: "$string",
  pattern: "",
  text: "",
}

export function scrubFormOf(
  settings: ProjectScrub | OrganizationScrub,
  initialDefaults: boolean,
): ScrubForm {
  return {
    scrubData: settings.scrubData,
    scrubDefaults: settings.scrubDefaults ?? initialDefaults,
    scrubIp: settings.scrubIp,
    sensitiveFields: settings.sensitiveFields.join("\n"),
    safeFields: settings.safeFields.join("\n"),
    rules: settings.scrubRules.map(({ pattern = "", text = "", ...rule }) => ({
      ...rule,
      pattern,
      text,
    })),
  }
}

export const nameOfPart = (index: number, part: keyof RuleForm) => `rule-${index}-${part}`

export function readScrubForm(data: FormData): ScrubForm {
  const rules: RuleForm[] = []
  // One more than can be saved, so that the refusal says so.
  while (rules.length <= MAX_RULES) {
    const index = rules.length
    if (data.list(nameOfPart(index, "method")).length === 0) break
    rules.push({
      method: data.text(nameOfPart(index, "method")),
      type: data.text(nameOfPart(index, "type")),
      source: data.text(nameOfPart(index, "source")),
      // Blanks count at both ends of these.
      pattern: data.list(nameOfPart(index, "pattern"))[0] ?? "",
      text: data.list(nameOfPart(index, "text"))[0] ?? "",
    })
  }
  return {
    scrubData: data.isChecked("scrubData"),
    scrubDefaults: data.isChecked("scrubDefaults"),
    scrubIp: data.isChecked("scrubIp"),
    sensitiveFields: data.text("sensitiveFields"),
    safeFields: data.text("safeFields"),
    rules,
  }
}

export function withNewRule(form: ScrubForm): ScrubForm {
  return { ...form, rules: [...form.rules, NEW_RULE] }
}

export function withoutRule(form: ScrubForm, index: number): ScrubForm {
  return { ...form, rules: form.rules.filter((_, at) => at !== index) }
}

/** Throws `invalid` for what no form of ours sends. */
export function scrubSettingsIn(form: ScrubForm): OrganizationScrub {
  const { scrubData, scrubDefaults, scrubIp } = form
  return {
    ...{ scrubData, scrubDefaults, scrubIp },
    sensitiveFields: linesOf(form.sensitiveFields),
    safeFields: linesOf(form.safeFields),
    scrubRules: form.rules.map(ruleIn),
  }
}

function ruleIn({ method, type, source, pattern, text }: RuleForm): ScrubRule {
  if (!isMethod(method) || !isType(type)) throw new AppError("invalid", "There is no such rule.")
  return {
    method,
    type,
    source,
    ...(hasPattern(type) && { pattern }),
    ...(method === "replace" && text !== "" && { text }),
  }
}

function isMethod(text: string): text is Method {
  return (METHODS as readonly string[]).includes(text)
}

function isType(text: string): text is RuleType {
  return (RULE_TYPES as readonly string[]).includes(text)
}

function linesOf(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter(Boolean))]
}
