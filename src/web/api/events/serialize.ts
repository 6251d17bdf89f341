import type { StoredEvent } from "#events/stored-event.ts"
import type { NormalizedEvent } from "#normalize/event.ts"
import { tagsOf } from "#normalize/event-tags.ts"
import { shortVersion } from "#releases/version.ts"
import { apiTime, apiTimeOfSeconds } from "../time.ts"
import { serializeStacktrace } from "./serialize-stacktrace.ts"

type IssueFacts = { id: string; metadata: Record<string, unknown>; culprit: string }
type Neighbours = { older: string | null; newer: string | null }

/** One line of an event list. */
export function serializeEventSummary(stored: StoredEvent, issue: IssueFacts) {
  const { event } = stored
  return {
    id: stored.eventId,
    "event.type": stored.type,
    groupID: issue.id,
    eventID: stored.eventId,
    projectID: stored.projectId,
    message: messageOf(event),
    title: stored.title,
    location: locationOf(event),
    culprit: issue.culprit,
    user: userOf(event),
    tags: tagsOf(event).map(([key, value]) => ({ key, value })),
    platform: stored.platform,
    dateCreated: apiTime(stored.occurredAt),
    crashFile: null,
    metadata: issue.metadata,
  }
}

/** The whole event in the shape that Sentry's API gives it. `hashes` has the texts of hashes by their ids. */
export function serializeEvent(
  stored: StoredEvent,
  issue: IssueFacts,
  { neighbours, hashes }: { neighbours: Neighbours; hashes: ReadonlyMap<string, string> },
) {
  const { event } = stored
  const { "event.type": type, ...summary } = serializeEventSummary(stored, issue)
  return {
    ...summary,
    type,
    dateReceived: apiTime(stored.receivedAt),
    size: stored.storedBytes,
    dist: stored.dist,
    release: releaseOf(stored),
    entries: entriesOf(event),
    contexts: event.contexts ?? {},
    context: event.extra ?? {},
    packages: event.modules ?? {},
    sdk: event.sdk ? { name: event.sdk.name ?? null, version: event.sdk.version ?? null } : null,
    errors: (event.errors ?? []).map(({ type: kind, data, ...rest }) => ({
      type: kind,
      data: { ...rest, ...data },
    })),
    // By which hash it came to its issue, as clients know it; not what a client or a rule wrote as its fingerprint.
    fingerprints: [hashes.get(stored.hashId)].filter((hash) => hash !== undefined),
    groupingConfig: { id: "newstyle:2026-01-20", enhancements: "" },
    occurrence: null,
    previousEventID: neighbours.older,
    nextEventID: neighbours.newer,
    userReport: null,
    _meta: event._meta ?? {},
  }
}

function releaseOf(stored: StoredEvent) {
  if (!stored.release) return null
  const version = stored.release
  return {
    version,
    shortVersion: shortVersion(version),
    ref: null,
    url: null,
    dateReleased: null,
    dateCreated: apiTime(stored.receivedAt),
  }
}

function messageOf(event: NormalizedEvent): string {
  return event.logentry?.formatted ?? event.logentry?.message ?? ""
}

function locationOf(event: NormalizedEvent): string | null {
  const frames = event.exception?.values.at(-1)?.stacktrace?.frames ?? []
  const frame = frames.findLast((each) => each.in_app) ?? frames.at(-1)
  return frame?.filename ?? frame?.abs_path ?? null
}

function userOf(event: NormalizedEvent) {
  if (!event.user) return null
  const { id, email, username, name, ip_address, data } = event.user
  return {
    id: id ?? null,
    email: email ?? null,
    username: username ?? null,
    ip_address: ip_address ?? null,
    name: name ?? null,
    data: data ?? null,
  }
}

type Entry = { type: string; data: unknown }

/** The event's parts in the order in which Sentry lists them. */
function entriesOf(event: NormalizedEvent): Entry[] {
  const entries: (Entry | false)[] = [
    event.logentry !== undefined && { type: "message", data: messageEntry(event) },
    event.exception !== undefined && { type: "exception", data: exceptionEntry(event) },
    event.stacktrace !== undefined && {
      type: "stacktrace",
      data: serializeStacktrace(event.stacktrace),
    },
    event.threads !== undefined && { type: "threads", data: threadsEntry(event) },
    event.template !== undefined && { type: "template", data: event.template },
    event.breadcrumbs !== undefined && { type: "breadcrumbs", data: breadcrumbsEntry(event) },
    event.request !== undefined && { type: "request", data: requestEntry(event) },
    event.csp !== undefined && { type: "csp", data: event.csp },
    event.debug_meta !== undefined && { type: "debugmeta", data: event.debug_meta },
  ]
  return entries.filter((entry) => entry !== false)
}

function messageEntry({ logentry = {} }: NormalizedEvent) {
  return {
    formatted: logentry.formatted ?? logentry.message ?? "",
    message: logentry.message ?? logentry.formatted ?? "",
    params: logentry.params ?? [],
  }
}

function exceptionEntry(event: NormalizedEvent) {
  const values = (event.exception?.values ?? []).map((exception) => ({
    type: exception.type ?? null,
    value: exception.value ?? null,
    module: exception.module ?? null,
    threadId: exception.thread_id ?? null,
    mechanism: exception.mechanism ?? null,
    stacktrace: exception.stacktrace ? serializeStacktrace(exception.stacktrace) : null,
    rawStacktrace: exception.raw_stacktrace ? serializeStacktrace(exception.raw_stacktrace) : null,
  }))
  const hasSystemFrames = values.some((value) => value.stacktrace?.hasSystemFrames === true)
  return { values, hasSystemFrames, excOmitted: null }
}

function threadsEntry(event: NormalizedEvent) {
  return {
    values: (event.threads?.values ?? []).map((thread) => ({
      id: thread.id ?? null,
      name: thread.name ?? null,
      crashed: thread.crashed ?? false,
      current: thread.current ?? false,
      state: thread.state ?? null,
      stacktrace: thread.stacktrace ? serializeStacktrace(thread.stacktrace) : null,
      rawStacktrace: thread.raw_stacktrace ? serializeStacktrace(thread.raw_stacktrace) : null,
    })),
  }
}

function breadcrumbsEntry(event: NormalizedEvent) {
  return {
    values: (event.breadcrumbs?.values ?? []).map((crumb) => ({
      type: crumb.type ?? "default",
      category: crumb.category ?? null,
      level: crumb.level ?? "info",
      message: crumb.message ?? null,
      timestamp: crumb.timestamp === undefined ? null : apiTimeOfSeconds(crumb.timestamp),
      data: crumb.data ?? null,
      event_id: crumb.event_id ?? null,
    })),
  }
}

function requestEntry({ request = {} }: NormalizedEvent) {
  return {
    url: request.url ?? null,
    method: request.method ?? null,
    query: request.query_string ?? [],
    headers: request.headers ?? [],
    cookies: request.cookies ?? [],
    data: request.data ?? null,
    env: request.env ?? null,
    fragment: request.fragment ?? null,
    inferredContentType: request.inferred_content_type ?? null,
    apiTarget: request.api_target ?? null,
  }
}
