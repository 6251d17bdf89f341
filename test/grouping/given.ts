import { decide } from "#grouping/decide.ts"
import { defaultRules, type ProjectRules } from "#grouping/rules/project-rules.ts"
import type { NormalizedEvent } from "#normalize/event.ts"
import { tagsOf } from "#normalize/event-tags.ts"
import { normalizeEvent } from "#normalize/normalize.ts"

type Json = Record<string, unknown>

/** Grouping is tried on what normalization makes of an SDK's event, as in the pipeline. */
export function given(raw: Json): NormalizedEvent {
  return normalizeEvent(raw, { eventId: "a".repeat(32), receivedAt: new Date(1_772_366_400_000) })
}

/** What the pipeline makes of it, with our own rules or those of a project. */
export function decided(raw: Json, rules: ProjectRules = defaultRules()) {
  const event = given(raw)
  return decide(event, tagsOf(event), rules)
}

export function isSameIssue(a: Json, b: Json): boolean {
  const { hashes } = decided(b).grouping
  return decided(a).grouping.hashes.some((hash) => hashes.includes(hash))
}

/** An event with one exception and these frames, oldest first, all of the application unless they say otherwise. */
export function thrown(platform: string, frames: Json[], exception: Json = {}): Json {
  const stacktrace = { frames: frames.map((frame) => ({ in_app: true, ...frame })) }
  return {
    platform,
    exception: { values: [{ type: "Oops", value: "it broke", stacktrace, ...exception }] },
  }
}

/** An exception of a group: `id` below `parent`. */
export function member(type: string, id: number, parent: number | null, more: Json = {}): Json {
  const mechanism = {
    type: "chained",
    exception_id: id,
    ...(parent !== null && { parent_id: parent }),
    ...more,
  }
  return { type, value: `${type} happened`, mechanism }
}
