import { decodePayload, encodePayload } from "#events/payload-codec.ts"
import type { RewritableEvent } from "#events/rewrite-store.ts"
import { decide } from "#grouping/decide.ts"
import type { Grouping } from "#grouping/group.ts"
import type { ProjectRules } from "#grouping/rules/project-rules.ts"
import { isUnhandled } from "#grouping/title.ts"
import type { Occurrence } from "#issues/occurrences/occurrence.ts"
import type { NormalizedEvent, Pair } from "#normalize/event.ts"
import { searchTagsOf, tagsOf } from "#normalize/event-tags.ts"

/** A stored event as today's rules see it. */
export type DecidedEvent = {
  row: RewritableEvent
  tags: Pair[]
  occurrence: Occurrence
  event: NormalizedEvent
  grouping: Grouping
}

/** Only normalized events are ever stored. */
export function storedEvent(row: RewritableEvent): NormalizedEvent {
  return decodePayload(row.payload) as NormalizedEvent
}

export function decideEvent(
  row: RewritableEvent,
  stored: NormalizedEvent,
  { organizationId, rules }: { organizationId: string; rules: ProjectRules },
): DecidedEvent {
  const tags = tagsOf(stored)
  const { event, grouping, title } = decide(stored, tags, rules)
  const { projectId, eventId, receivedDay, environmentId, releaseId, userHash } = row
  const occurrence: Occurrence = {
    projectId,
    organizationId,
    eventId,
    hashes: grouping.hashes,
    receivedAt: row.receivedAt.getTime(),
    receivedDay,
    occurredAt: row.occurredAt.getTime(),
    environmentId,
    releaseId,
    userHash,
    type: row.type,
    level: row.level,
    platform: row.platform,
    logger: event.logger ?? null,
    title: title.title,
    culprit: title.culprit,
    metadata: title.metadata,
    searchText: title.searchText,
    isUnhandled: isUnhandled(event),
  }
  return { row, tags: searchTagsOf(stored, tags), occurrence, event, grouping }
}

/** The payload to write; null when nothing in the event changed. */
export function changedPayload(before: NormalizedEvent, after: NormalizedEvent): Uint8Array | null {
  if (before === after) return null
  return JSON.stringify(before) === JSON.stringify(after) ? null : encodePayload(after)
}
