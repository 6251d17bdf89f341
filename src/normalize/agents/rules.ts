import regexes from "uap-core/regexes.yaml" with { type: "text" }
import { neededTexts } from "./needed-text.ts"

const KINDS = ["user_agent_parsers", "os_parsers", "device_parsers"] as const
type Kind = (typeof KINDS)[number]
/** As the list has it: an expression, and replacements for what its groups found. */
type Listed = { regex: string; regex_flag?: string } & Record<string, string | undefined>

export type Rule = {
  /** The replacement of that name with what was found in place, else what the group found; undefined when empty. */
  value(match: RegExpExecArray, replacement: string, group?: number): string | undefined
}
type Tried = Rule & { exec(agent: string, lower: string): RegExpExecArray | null }

let rules: Record<Kind, Tried[]> | undefined

/**
 * The first rule of a kind that matches. The list (about 1,200 expressions) is read when the first user agent comes,
 * and an expression is compiled when it is needed: two thirds never are.
 */
export function firstMatch(
  kind: Kind,
  agent: string,
  lower: string,
): { rule: Rule; match: RegExpExecArray } | null {
  rules ??= readRules()
  for (const rule of rules[kind]) {
    const match = rule.exec(agent, lower)
    if (match) return { rule, match }
  }
  return null
}

function readRules(): Record<Kind, Tried[]> {
  const listed = Bun.YAML.parse(regexes) as Record<Kind, Listed[]>
  const read = (kind: Kind) => listed[kind].map(ruleOf)
  return {
    user_agent_parsers: read("user_agent_parsers"),
    os_parsers: read("os_parsers"),
    device_parsers: read("device_parsers"),
  }
}

function ruleOf(listed: Listed): Tried {
  const needed = neededTexts(listed.regex)
  let expression: RegExp | undefined
  return {
    exec(agent, lower) {
      if (needed && !needed.some((text) => lower.includes(text))) return null
      expression ??= new RegExp(listed.regex, listed.regex_flag)
      return expression.exec(agent)
    },
    value(match, replacement, group) {
      const template = listed[replacement]
      const text =
        template === undefined
          ? group && match[group]
          : String(template).replace(/\$(\d)/g, (_, digit: string) => match[Number(digit)] ?? "")
      return text ? text.trim() || undefined : undefined
    },
  }
}
