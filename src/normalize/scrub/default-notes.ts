import type { NormalizedEvent } from "../event.ts"
import { MetaNotes } from "../meta.ts"
import { type Change, listChanges, pairName } from "./changes.ts"
import { FILTERED, isTelling, rulesInText } from "./patterns.ts"
import type { Scrubber } from "./scrubber.ts"

/** Sentry's name for the list of sensitive fields. */
export const SENSITIVE_FIELDS_RULE = "strip-fields"
const PASSWORD_RULE = "@password:filter"
const ADDRESS_RULE = "@ip:replace"

/** The scrubbed event with a note in `_meta` on each value that the built-in list, the fields or the addresses changed. */
export function noted(
  before: NormalizedEvent,
  after: NormalizedEvent,
  scrubber: Scrubber,
): NormalizedEvent {
  const notes = new MetaNotes(before._meta)
  for (const change of listChanges(before, after)) {
    // Values in errors are no part of the event.
    if (change.path[0] === "errors") continue
    const type = typeof change.after === "string" ? "s" : "x"
    for (const rule of rulesBehind(change, before, scrubber))
      notes.note(change.path, { rule, type })
  }
  const meta = notes.tree()
  return meta ? { ...after, _meta: meta } : after
}

function rulesBehind(change: Change, event: NormalizedEvent, scrubber: Scrubber): string[] {
  const name = pairName(event, change.path) ?? String(change.path.at(-1))
  if (scrubber.verdict(name) === "hide") {
    return [scrubber.isSensitive(name) ? SENSITIVE_FIELDS_RULE : PASSWORD_RULE]
  }
  if (change.after === undefined) return [ADDRESS_RULE]
  const text = String(change.before)
  if (change.after === FILTERED && isTelling(text)) return [PASSWORD_RULE]
  const rules = rulesInText(text, scrubber.settings)
  // Nothing in it, and yet hidden: the cookie of a session.
  return rules.length > 0 ? rules : [PASSWORD_RULE]
}
