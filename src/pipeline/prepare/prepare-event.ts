import { encodePayload } from "#events/payload-codec.ts"
import { decide } from "#grouping/decide.ts"
import { isUnhandled } from "#grouping/title.ts"
import { LEVEL } from "#issues/issue.ts"
import type { IngestMessage } from "#messages.ts"
import type { NormalizedEvent } from "#normalize/event.ts"
import { searchTagsOf, tagsOf, termsOf } from "#normalize/event-tags.ts"
import { userOf } from "#normalize/event-user.ts"
import { judge } from "#normalize/filters/judge.ts"
import { normalizeEvent } from "#normalize/normalize.ts"
import { scrubEvent } from "#normalize/scrub.ts"
import type { Line } from "../line.ts"
import type { Ending, RawEvent } from "../open.ts"
import type { Project } from "../projects.ts"
import type { PreparedEvent } from "./prepared.ts"

/** The event, or how it ended when a filter of the project dropped it: before its secrets are hidden, which are part of what is judged. */
export function readEvent(
  raw: RawEvent,
  message: IngestMessage,
  { project, eventId, locate }: { project: Project; eventId: string; locate: Line["locate"] },
): NormalizedEvent | Ending {
  const normalized = normalizeEvent(raw.json, {
    eventId,
    receivedAt: new Date(message.receivedAt),
    sentAt: raw.sentAt,
    clientAddress: message.clientAddress,
    client: message.client,
    sdk: raw.sdk,
    trace: raw.trace,
    locate,
  })
  const verdict = judge(normalized, project.filters, message)
  if (verdict) {
    const ended = {
      category: raw.category,
      outcome: "filtered",
      reason: verdict.filter,
      quantity: 1,
    }
    return verdict.rule === undefined ? ended : { ...ended, cause: verdict.rule }
  }
  return scrubEvent(normalized, project.scrub)
}

/** Its hashes, its name, and what is stored of it. */
export function decideEvent(
  given: NormalizedEvent,
  message: IngestMessage,
  { project, category, isLate }: { project: Project; category: string; isLate: boolean },
): PreparedEvent {
  const tags = tagsOf(given)
  const decision = decide(given, tags, project.rules)
  const searchTags = searchTagsOf(given, tags)
  const { event } = decision
  const { title, culprit, metadata, searchText } = decision.title
  return {
    projectId: project.id,
    organizationId: project.organizationId,
    keyId: message.keyId,
    eventId: event.event_id,
    category,
    receivedAt: message.receivedAt,
    receivedDay: message.receivedDay,
    occurredAt: Math.round(event.timestamp * 1000),
    environment: event.environment ?? "",
    release: event.release ?? null,
    dist: event.dist ?? null,
    hashes: decision.grouping.hashes,
    type: event.type,
    level: LEVEL[event.level],
    platform: event.platform,
    logger: event.logger ?? null,
    title,
    culprit,
    metadata,
    searchText,
    isUnhandled: isUnhandled(event),
    userHash: userOf(event)?.hash ?? null,
    tags: searchTags,
    terms: termsOf(searchTags),
    payload: encodePayload(event),
    isLate,
  }
}
