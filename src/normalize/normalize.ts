import { withAgentContexts } from "./agents/agent-contexts.ts"
import { type Attributes, attributesOf } from "./attributes.ts"
import { correctedTimes, shiftBreadcrumbs } from "./clock.ts"
import type { EventType, Level, NormalizedEvent, User } from "./event.ts"
import { withMechanismNames } from "./interfaces/mechanism-names.ts"
import { sdk, sdkOfClient } from "./interfaces/sdk.ts"
import { hexId } from "./interfaces/trace-context.ts"
import { isAddress, withUserAddress } from "./interfaces/user.ts"
import { level } from "./values/level.ts"
import { isRecord } from "./values/read.ts"
import { environment } from "./values/release.ts"
import { metaOf, nameUnder, processingErrors, type Remarks } from "./values/remarks.ts"
import { cleanText } from "./values/text.ts"
import { secondsOfDate, toMicroseconds } from "./values/time.ts"

/** What is known of an event besides its own JSON. */
export type NormalizeContext = {
  /** 32 lower-case hex digits: the id that the client was answered. */
  eventId: string
  receivedAt: Date
  /** The client's clock when it sent, from the envelope header. */
  sentAt?: Date | null
  /** Where the connection came from; absent when unknown. */
  clientAddress?: string | null
  /** `sentry_client` of the authentication. */
  client?: string | null
  /** `sdk` of the envelope header, as it came. */
  sdk?: unknown
  /** `trace` of the envelope header, as it came. */
  trace?: unknown
  /** Where an address is; null: nobody knows. */
  locate?: ((address: string) => User["geo"] | undefined) | null
}

/**
 * Makes an event regular, whatever JSON it came as: never throws, never refuses; what was dropped, cut or corrected
 * is noted in `errors`. Accepts today's and older spellings. Parts of `raw` that are fine are used as they are.
 */
export function normalizeEvent(raw: unknown, context: NormalizeContext): NormalizedEvent {
  const remarks: Remarks = []
  const attributes = attributesOf(raw, remarks)
  const { timestamp, shiftSeconds } = correctedTimes(attributes, context, remarks)
  const event: NormalizedEvent = {
    ...attributes,
    event_id: context.eventId,
    type: typeOf(attributes),
    timestamp,
    received: toMicroseconds(secondsOfDate(context.receivedAt)),
    level: attributes.level ?? levelOfTags(attributes) ?? "error",
    platform: attributes.platform ?? "other",
  }
  shiftTimes(event, shiftSeconds)
  placeStacktrace(event)
  placeMechanismNames(event)
  placeTags(event, remarks)
  placeSdk(event, context, remarks)
  placeUser(event, context)
  placeTrace(event, context.trace)
  placeAgent(event)
  if (event.release === undefined) delete event.dist
  if (remarks.length > 0) placeRemarks(event, remarks)
  return event
}

function placeRemarks(event: NormalizedEvent, remarks: Remarks): void {
  const errors = processingErrors(remarks)
  if (errors.length > 0) event.errors = [...(event.errors ?? []), ...errors]
  const meta = metaOf(remarks, event._meta)
  if (meta) event._meta = meta
}

const REPORTS = ["csp", "hpkp", "expectct", "expectstaple"] as const

function typeOf(attributes: Attributes): EventType {
  if (attributes.exception) return "error"
  return REPORTS.find((type) => attributes[type] !== undefined) ?? "default"
}

function shiftTimes(event: NormalizedEvent, seconds: number): void {
  if (seconds === 0 || !event.breadcrumbs) return
  event.breadcrumbs = { values: shiftBreadcrumbs(event.breadcrumbs.values, seconds) }
}

/** A stack beside exactly one exception without one is that exception's. */
function placeStacktrace(event: NormalizedEvent): void {
  const [only, ...others] = event.exception?.values ?? []
  if (!event.stacktrace || !only || others.length > 0 || only.stacktrace) return
  event.exception = { values: [{ ...only, stacktrace: event.stacktrace }] }
  delete event.stacktrace
}

function placeMechanismNames(event: NormalizedEvent): void {
  const exception = withMechanismNames(event)
  if (exception) event.exception = exception
}

/** Old clients know the level only as a tag. */
function levelOfTags({ tags }: Attributes): Level | undefined {
  const tag = tags?.find(([key]) => key === "level")
  return tag && level(tag[1], [])
}

/** Attributes that clients without a field for them sent as tags. */
function placeTags(event: NormalizedEvent, remarks: Remarks): void {
  if (!event.tags) return
  const tagged = event.tags.find(([key]) => key === "environment")
  if (!tagged) return
  event.tags = event.tags.filter((tag) => tag !== tagged)
  if (event.tags.length === 0) delete event.tags
  if (event.environment !== undefined) return
  const before = remarks.length
  const name = environment(tagged[1], remarks)
  nameUnder(remarks, before, "environment")
  if (name) event.environment = name
}

function placeSdk(event: NormalizedEvent, context: NormalizeContext, remarks: Remarks): void {
  if (event.sdk?.name) return
  const before = remarks.length
  const fromHeader =
    context.sdk === undefined || context.sdk === null ? undefined : sdk(context.sdk, remarks)
  nameUnder(remarks, before, "sdk")
  const known = fromHeader?.name ? fromHeader : sdkOfClient(cleanText(context.client ?? ""))
  if (known) event.sdk = { ...known, ...event.sdk }
}

function placeUser(event: NormalizedEvent, context: NormalizeContext): void {
  const address = isAddress(context.clientAddress) ? context.clientAddress : undefined
  const user = withUserAddress(event, address)
  if (user) event.user = user
  else delete event.user
  placeGeography(event, context.locate)
  placeRemoteAddress(event, address)
}

function placeGeography(event: NormalizedEvent, locate: NormalizeContext["locate"]): void {
  const { user } = event
  if (!locate || !user?.ip_address || user.geo) return
  const geo = locate(user.ip_address)
  if (geo) event.user = { ...user, geo }
}

function placeRemoteAddress(event: NormalizedEvent, address: string | undefined): void {
  if (event.request?.env?.REMOTE_ADDR !== "{{auto}}") return
  const { REMOTE_ADDR: _auto, ...rest } = event.request.env
  event.request = { ...event.request, env: address ? { ...rest, REMOTE_ADDR: address } : rest }
}

function placeAgent(event: NormalizedEvent): void {
  const contexts = withAgentContexts(event)
  if (contexts) event.contexts = contexts
}

/** The envelope's trace stands in for missing contexts, so that the event can be found by its trace and its replay. */
function placeTrace(event: NormalizedEvent, trace: unknown): void {
  if (!isRecord(trace)) return
  const { contexts } = event
  const traceId = contexts?.trace ? undefined : hexId(trace.trace_id, 32)
  const replayId = contexts?.replay ? undefined : hexId(trace.replay_id, 32)
  if (!traceId && !replayId) return
  event.contexts = {
    ...contexts,
    ...(traceId && { trace: { type: "trace", trace_id: traceId } }),
    ...(replayId && { replay: { type: "replay", replay_id: replayId } }),
  }
}
