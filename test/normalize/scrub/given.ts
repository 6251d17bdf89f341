import type { NormalizedEvent } from "#normalize/event.ts"
import { type Meta, noteOf } from "#normalize/meta.ts"
import { listChanges } from "#normalize/scrub/changes.ts"
import type { ScrubRule } from "#normalize/scrub/rules/rule.ts"
import { defaultScrubSettings, scrubEvent } from "#normalize/scrub.ts"
import { normalized } from "../given.ts"

const HASH_KEY = "a key"

/** An event after one rule and nothing else. */
export function applyTo(
  raw: unknown,
  ...rules: (Partial<ScrubRule> & Pick<ScrubRule, "type">)[]
): { event: NormalizedEvent; changed: string[] } {
  const before = normalized(raw)
  const event = scrubEvent(before, {
    ...defaultScrubSettings,
    scrubData: false,
    hashKey: HASH_KEY,
    rules: rules.map((rule) => ({
      rule: { method: "replace", source: "$string", ...rule },
      owner: "project" as const,
    })),
  })
  return { event, changed: listChanges(before, event).map(({ path }) => path.join(".")) }
}

/** The note on a value, by its path. */
export function noteAt({ _meta }: NormalizedEvent, path: string) {
  let at: Meta | undefined = _meta
  for (const key of path.split(".")) at = at?.[key] as Meta | undefined
  return noteOf(at)
}
