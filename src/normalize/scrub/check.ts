import { AppError } from "#platform/errors.ts"
import { fieldNames, type OrganizationScrub, type ProjectScrub } from "./layers.ts"
import { checkRule, MAX_RULES } from "./rules/rule.ts"

type Wanted = Partial<ProjectScrub> | Partial<OrganizationScrub>

/** Throws `invalid` naming what cannot be kept, and of a rule which part: `rule-0-source`. */
export function checkScrub(wanted: Wanted): void {
  for (const field of ["sensitiveFields", "safeFields"] as const) {
    if (wanted[field] && !fieldNames.safeParse(wanted[field]).success) {
      throw new AppError("invalid", "At most 200 names of at most 100 characters.", { field })
    }
  }
  const rules = wanted.scrubRules ?? []
  if (rules.length > MAX_RULES) {
    throw new AppError("invalid", `At most ${MAX_RULES} rules.`, { field: "scrubRules" })
  }
  for (const [index, rule] of rules.entries()) {
    try {
      checkRule(rule)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      const field = `rule-${index}-${error.details.part ?? "source"}`
      throw new AppError("invalid", `Rule ${index + 1}: ${error.message}`, { field })
    }
  }
}
