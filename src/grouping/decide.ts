import type { GroupingEvent } from "./event.ts"
import { expandVariables } from "./fingerprint.ts"
import { type Grouping, groupEvent } from "./group.ts"
import { findFingerprintRule } from "./rules/fingerprint-rules.ts"
import { judgeStacks } from "./rules/judge-stacks.ts"
import { type ProjectRules, renewEffort } from "./rules/project-rules.ts"
import { passedOver } from "./strategies.ts"
import { type Title, titleOf } from "./title.ts"

/** Every tag the event can be found by: rules may ask for each. */
type Tags = readonly (readonly [key: string, value: string])[]

export type Decision<E extends GroupingEvent> = {
  /** As it is to be stored: with what rules said about its frames and its fingerprint. */
  event: E
  grouping: Grouping
  title: Title
}

/**
 * From event to hashes and title. Fingerprint rules come first, so that they see what the SDK says about frames; then stack trace
 * rules; then grouping. An event that was decided before can be decided anew: it keeps what the client had said.
 */
export function decide<E extends GroupingEvent>(
  given: E,
  tags: Tags,
  rules: ProjectRules,
): Decision<E> {
  renewEffort(rules)
  const named = nameByRule(withoutRule(given), tags, rules)
  const judged = judgeStacks(named, rules.stack)
  const event = judged.event as E
  const grouping = groupEvent(withTags(event, tags), judged.marks)
  return { event, grouping, title: titleOf(event, grouping.mainException) }
}

export type Explanation = Decision<GroupingEvent> & {
  /** What had something to say and was not asked. */
  passedOver: ReturnType<typeof passedOver>
}

/** The same with what did not count, for a page. */
export function explain(given: GroupingEvent, tags: Tags, rules: ProjectRules): Explanation {
  const decision = decide(given, tags, rules)
  const { marks } = judgeStacks(decision.event, rules.stack)
  const { method } = decision.grouping
  const isStrategy =
    method !== "checksum" && method !== "custom-fingerprint" && method !== "fallback"
  return { ...decision, passedOver: isStrategy ? passedOver(decision.event, method, marks) : [] }
}

/** Variables of fingerprints may name any tag. */
function withTags(event: GroupingEvent, tags: Tags): GroupingEvent {
  return event.fingerprint ? { ...event, tags } : event
}

/** As the client sent it. */
function withoutRule<E extends GroupingEvent>(event: E): E {
  if (!event._fingerprint_info) return event
  const { _fingerprint_info: info, title: _title, fingerprint: _ours, ...rest } = event
  const fingerprint = info?.client_fingerprint
  return (fingerprint ? { ...rest, fingerprint } : rest) as E
}

function nameByRule<E extends GroupingEvent>(event: E, tags: Tags, rules: ProjectRules): E {
  const rule = findFingerprintRule(event, tags, rules.fingerprint)
  if (!rule) return event
  const title = rule.title === null ? "" : expandVariables(rule.title, { ...event, tags })
  return {
    ...event,
    fingerprint: rule.fingerprint,
    ...(title !== "" && { title }),
    _fingerprint_info: {
      ...(event.fingerprint && { client_fingerprint: event.fingerprint }),
      matched_rule: { text: rule.text, is_builtin: rule.isBuiltIn },
    },
  }
}
