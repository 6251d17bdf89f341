import type { NormalizedEvent } from "#normalize/event.ts"
import { type Filters, type FilterVerdict, judge } from "#normalize/filters/judge.ts"
import { type Meta, metaAt, noteOf } from "#normalize/meta.ts"
import { type Change, listChanges, pairName } from "#normalize/scrub/changes.ts"
import { type ScrubSettings, scrubEvent } from "#normalize/scrub.ts"
import type { EventSample } from "../event-sample.ts"

export type ScrubTrial = {
  isStored: boolean
  /** What the project's filters say of it, which come first. */
  verdict: FilterVerdict | null
  after: NormalizedEvent
  changes: TriedChange[]
}

type TriedChange = {
  /** As a source would name it. */
  where: string
  before: unknown
  after: unknown
  /** What did it. */
  rules: string[]
}

/** What the settings would make of an event. */
export function tryScrubbing(
  { event, isStored, isTransaction }: EventSample,
  settings: ScrubSettings,
  filters: Filters,
): ScrubTrial {
  const verdict = judge(event, filters, { isTransaction })
  const after = scrubEvent(event, settings)
  const changes = listChanges(event, after).map((change) => ({
    where: whereIn(event, change.path),
    before: change.before,
    after: change.after,
    rules: rulesAt(after._meta, event._meta, change.path),
  }))
  return { isStored, verdict, after, changes }
}

/** Of rules that were there before, only those that did something again. */
function rulesAt(
  after: Meta | undefined,
  before: Meta | undefined,
  path: Change["path"],
): string[] {
  const done = noteOf(metaAt(after, ...path))?.rem ?? []
  const known = noteOf(metaAt(before, ...path))?.rem?.length ?? 0
  return [...new Set(done.slice(known).map(([rule]) => rule))]
}

/** `tags.0.1` is the value of a pair: it goes by the pair's name. */
function whereIn(event: NormalizedEvent, path: Change["path"]): string {
  const name = pairName(event, path)
  return (name === null ? path : [...path.slice(0, -2), name]).join(".")
}
