import { z } from "zod"
import { AppError } from "#platform/errors.ts"
import { checkExpression, MAX_EXPRESSION_CHARACTERS } from "./expression.ts"
import { MAX_SELECTOR_CHARACTERS, parseSelector } from "./selector.ts"

export const METHODS = ["replace", "remove", "mask", "hash"] as const
export const RULE_TYPES = [
  "anything",
  "creditcard",
  "iban",
  "password",
  "bearer",
  "pemkey",
  "urlauth",
  "ip",
  "email",
  "imei",
  "mac",
  "uuid",
  "usssn",
  "userpath",
  "pattern",
  "keyname",
] as const
export type Method = (typeof METHODS)[number]
export type RuleType = (typeof RULE_TYPES)[number]

const MAX_TEXT_CHARACTERS = 100
export const MAX_RULES = 50

/** What is done to what, and where. */
const scrubRule = z.object({
  method: z.enum(METHODS),
  type: z.enum(RULE_TYPES),
  source: z.string().max(MAX_SELECTOR_CHARACTERS),
  /** Of the types that have a regular expression. */
  pattern: z.string().max(MAX_EXPRESSION_CHARACTERS).optional(),
  /** What "replace" puts there; absent: `[Filtered]`. */
  text: z.string().max(MAX_TEXT_CHARACTERS).optional(),
})
export type ScrubRule = z.infer<typeof scrubRule>

export const hasPattern = (type: RuleType) => type === "pattern" || type === "keyname"

/** As stored: a rule that another version wrote and this one cannot read is passed over, its neighbours are not. */
export const storedRules = z
  .array(z.unknown())
  .catch([])
  .transform((rules) =>
    rules.flatMap((rule) => {
      const { success, data } = scrubRule.safeParse(rule)
      return success ? [data] : []
    }),
  )

/** Throws `invalid` saying what of a rule makes no sense, with the part of it as `part`. */
export function checkRule(rule: ScrubRule): void {
  within("source", () => parseSelector(rule.source))
  if (hasPattern(rule.type)) within("pattern", () => checkExpression(rule.pattern ?? ""))
  if ((rule.text?.length ?? 0) > MAX_TEXT_CHARACTERS) {
    const message = `At most ${MAX_TEXT_CHARACTERS} characters.`
    throw new AppError("invalid", message, { part: "text" })
  }
}

function within(part: "source" | "pattern", check: () => unknown): void {
  try {
    check()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    throw new AppError(error.code, error.message, { ...error.details, part })
  }
}

export const TYPE_LABELS: Record<RuleType, string> = {
  anything: "Anything",
  creditcard: "Credit card numbers",
  iban: "Bank account numbers (IBAN)",
  password: "Password fields",
  bearer: "Bearer tokens",
  pemkey: "PEM keys",
  urlauth: "Passwords in URLs",
  ip: "IP addresses",
  email: "Email addresses",
  imei: "IMEI numbers",
  mac: "MAC addresses",
  uuid: "UUIDs",
  usssn: "US social security numbers",
  userpath: "Names of users in file paths",
  pattern: "Regular expression",
  keyname: "Names of fields (regular expression)",
}

export const METHOD_LABELS: Record<Method, string> = {
  replace: "Replace",
  remove: "Remove",
  mask: "Mask",
  hash: "Hash",
}

const MAX_SOURCE_IN_NAME = 100

/** What the event page and `_meta` call a rule: readable long after it was changed. */
export function nameOfRule({ type, source }: ScrubRule, owner: RuleOwner): string {
  const where =
    source.length > MAX_SOURCE_IN_NAME ? `${source.slice(0, MAX_SOURCE_IN_NAME)}…` : source
  return `${owner}: ${TYPE_LABELS[type].toLowerCase()} in ${where}`.toWellFormed()
}

export type RuleOwner = "organization" | "project"
