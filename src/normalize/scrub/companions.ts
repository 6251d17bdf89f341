import type { NormalizedEvent } from "../event.ts"
import { FILTERED } from "./patterns.ts"
import { applyRules } from "./rules/apply.ts"
import type { RuleSet } from "./rules/rule-set.ts"
import { type ScrubSettings, scrubberOf } from "./scrubber.ts"

type ReportTexts = { message: string; name: string; email: string; url: string }

/**
 * What somebody wrote, without secrets. Rules find it where Sentry keeps feedback, `contexts.feedback`; name and address
 * were given on purpose, and only rules touch them.
 */
export function scrubReport<T extends ReportTexts>(report: T, settings: ScrubSettings): T {
  const { rules, prose } = scrubberOf(settings)
  const ruled = rules ? { ...report, ...ruledTexts(report, rules) } : report
  return { ...ruled, message: prose(ruled.message), url: prose(ruled.url) }
}

function ruledTexts({ message, name, email, url }: ReportTexts, rules: RuleSet): ReportTexts {
  const feedback = { type: "feedback", message, name, contact_email: email, url }
  const after = applyRules(carrierOf({ contexts: { feedback } }), rules).contexts?.feedback
  const address = textOf(after?.contact_email)
  return {
    message: textOf(after?.message),
    name: textOf(after?.name),
    // What is no address any more is nothing to answer to.
    email: address === email ? email : "",
    url: textOf(after?.url),
  }
}

/** The name of a file without secrets; rules find it as `$attachments.*.filename`. */
export function scrubFileName(name: string, settings: ScrubSettings): string {
  const { rules, prose } = scrubberOf(settings)
  if (!rules) return prose(name)
  const attachments = [{ filename: name }]
  const after = applyRules(carrierOf({ attachments }), rules) as {
    attachments?: typeof attachments
  }
  return prose(textOf(after.attachments?.[0]?.filename) || FILTERED)
}

/** An event of nothing else, so that the same rules lead to it. */
function carrierOf(part: object): NormalizedEvent {
  return part as NormalizedEvent
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : ""
}
