import { setImmediate as nextTurn } from "node:timers/promises"
import { encodePayload } from "#events/payload-codec.ts"
import { decide } from "#grouping/decide.ts"
import { isUnhandled } from "#grouping/title.ts"
import { LEVEL } from "#issues/issue.ts"
import { decodeMessage, type IngestMessage } from "#messages.ts"
import type { NormalizedEvent, Pair } from "#normalize/event.ts"
import { searchTagsOf, tagsOf, termsOf } from "#normalize/event-tags.ts"
import { userOf } from "#normalize/event-user.ts"
import { judge } from "#normalize/filters/judge.ts"
import { normalizeEvent } from "#normalize/normalize.ts"
import { scrubEvent } from "#normalize/scrub.ts"
import { utcDay } from "#platform/clock.ts"
import { messageOf } from "#platform/errors.ts"
import type { QueueRecord } from "#platform/queue/queue.ts"
import { timeOfId } from "#platform/queue/record.ts"
import { newEventId } from "#protocol/event-id.ts"
import {
  type Companions,
  endingsOf,
  type ReadDumps,
  readCompanions,
  scrubCompanions,
} from "./companions.ts"
import { judgeUnverified } from "./judge.ts"
import { keepAttachments } from "./keep-attachments.ts"
import type { Line } from "./line.ts"
import { mapWaiting, type WaitingEvent } from "./map-waiting.ts"
import { type Ending, openMessage, type RawEvent, type Verdict } from "./open.ts"
import type { Project } from "./projects.ts"
import { readDumps } from "./read-dumps.ts"

/** An event with everything that is worked out before the transaction. Times are milliseconds since 1970. */
export type PreparedEvent = {
  projectId: string
  organizationId: string
  keyId: string
  eventId: string
  category: string
  receivedAt: number
  receivedDay: string
  occurredAt: number
  environment: string
  release: string | null
  dist: string | null
  hashes: string[]
  type: string
  level: number
  platform: string
  logger: string | null
  title: string
  culprit: string
  metadata: Record<string, unknown>
  searchText: string
  isUnhandled: boolean
  userHash: string | null
  tags: Pair[]
  terms: number[]
  payload: Uint8Array
  /** Its source map was not read in time: a task looks again. */
  isLate: boolean
}

/** A message ready for the transaction. */
export type Prepared = {
  record: QueueRecord
  receivedAt: number
  receivedDay: string
  /** "0" when nobody knows. */
  projectId: string
  organizationId: string
  keyId: string
  /** What was answered, for whoever looks for it; null when nothing in it needs one. */
  eventId: string | null
  /** Name and version of the client, as it says. */
  client: string
  /** How its items ended that go no further. */
  endings: Ending[]
  event: PreparedEvent | null
  /** Why there is no event any more: what came with it goes the same way. */
  fell: Verdict | null
  /** What goes with the event, or came alone; null, as nearly always, when there is nothing. */
  companions: Companions | null
  /** Why it goes to the dead letters, and with which items; null: it does not. */
  dead: { error: string; items: Record<string, number> } | null
}

/** How long the line works before it lets in what PostgreSQL answered to the batch before. */
const TURN_MS = 3

/**
 * Everything that needs no transaction: open, judge, normalize, scrub, symbolicate, fingerprint. One message's fault is its own. Works in short
 * turns: meanwhile the batch before is in its transaction, and each of its statements waits for the answer to the last.
 */
export async function prepare(line: Line, records: readonly QueueRecord[]): Promise<Prepared[]> {
  const decoded = records.map((record) => decode(line, record))
  const messages = decoded.flatMap(({ message }) => message ?? [])
  const owners = await judgeUnverified(line.sql, messages)
  const ownerOf = (message: IngestMessage) =>
    message.unverified ? owners.get(message.id) : message
  const projects = await line.projects.find(
    messages.flatMap((message) => ownerOf(message)?.projectId ?? []),
  )
  await line.symbolication.learn(line.sql, projects.keys())
  const dumps = await readDumps(line, messages)
  const waiting: WaitingEvent[] = []
  const prepareOne = ({ record, message, dead }: Decoded): Prepared => {
    if (!message || dead) return deadMessage(line, record, message, dead ?? "unreadable")
    const owner = ownerOf(message)
    const project = owner && projects.get(owner.projectId)
    try {
      return project
        ? prepareMessage(line, record, { ...message, ...owner }, { project, dumps, waiting })
        : homelessMessage(line, record, message)
    } catch (error) {
      line.log.error({ messageId: record.id, err: error }, "message could not be prepared")
      return deadMessage(line, record, message, messageOf(error))
    }
  }
  const prepared: Prepared[] = []
  let turnEnds = performance.now() + TURN_MS
  for (const each of decoded) {
    prepared.push(prepareOne(each))
    if (performance.now() < turnEnds) continue
    await nextTurn()
    turnEnds = performance.now() + TURN_MS
  }
  await mapWaiting(line, waiting)
  await keepAttachments(line, prepared)
  return prepared
}

type Decoded = { record: QueueRecord; message: IngestMessage | null; dead: string | null }

/** A message that keeps coming back may be what kills the worker: its body is not looked at again. */
function decode(line: Line, record: QueueRecord): Decoded {
  const isWornOut = record.deliveries >= line.maxDeliveries
  const dead = isWornOut ? `delivered ${record.deliveries} times without an end` : null
  try {
    return { record, message: { ...decodeMessage(record.body), id: record.id }, dead }
  } catch (error) {
    return { record, message: null, dead: dead ?? messageOf(error) }
  }
}

function prepareMessage(
  line: Line,
  record: QueueRecord,
  message: IngestMessage,
  { project, dumps, waiting }: { project: Project; dumps: ReadDumps; waiting: WaitingEvent[] },
): Prepared {
  const contents = openMessage(message, line.limits)
  const eventId = message.eventId ?? newEventId()
  const { companions, raw, endings } = readCompanions(contents, message, eventId, dumps)
  const event = raw && readEvent(raw, message, { project, eventId, locate: line.locate })
  const fell = event && "outcome" in event ? event : null
  const prepared: Prepared = {
    record,
    receivedAt: message.receivedAt,
    receivedDay: message.receivedDay,
    projectId: project.id,
    organizationId: project.organizationId,
    keyId: message.keyId,
    eventId: message.eventId,
    client: message.client,
    endings: [...endings, ...message.dropped, ...(fell ? [fell] : [])],
    event: null,
    fell,
    companions: companions && scrubCompanions(companions, project.scrub),
    dead: null,
  }
  if (!raw || !event || "outcome" in event) return prepared
  const finish = (mapped: NormalizedEvent, isLate = false) => {
    prepared.event = decideEvent(mapped, message, { project, category: raw.category, isLate })
  }
  if (!line.symbolication.concerns(project.id, event)) finish(event)
  else waiting.push({ projectId: project.id, event, finish, fail: failing(prepared, raw) })
  return prepared
}

/** Makes a dead letter of what could not be finished, in place: it has its place in the batch already. */
function failing(prepared: Prepared, { category }: RawEvent) {
  return (error: string) => {
    const endings = [...prepared.endings, { ...UNREAD, category, quantity: 1 }]
    Object.assign(prepared, asDead({ ...prepared, endings }, error))
  }
}

/** The event, or how it ended when a filter of the project dropped it: before its secrets are hidden, which are part of what is judged. */
function readEvent(
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

function decideEvent(
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

/** No such project, or none that this key may send to. */
function homelessMessage(line: Line, record: QueueRecord, message: IngestMessage): Prepared {
  const nobodys = { outcome: "invalid", reason: "project_id" }
  const contents = openMessage(message, line.limits)
  const { companions, raw, endings } = readCompanions(contents, message, "", new Map())
  const ended = [
    ...endings,
    ...(raw ? [{ category: raw.category, quantity: 1 }] : []),
    ...(companions ? endingsOf(companions, nobodys) : []),
  ].map((each) => ({ ...each, ...nobodys }))
  return {
    record,
    receivedAt: message.receivedAt,
    receivedDay: message.receivedDay,
    projectId: "0",
    organizationId: "0",
    keyId: "0",
    eventId: message.eventId,
    client: message.client,
    endings: [...ended, ...message.dropped],
    event: null,
    fell: null,
    companions: null,
    dead: null,
  }
}

/** Counted as one error and what web dropped: what else was in it nobody dares to look. */
function deadMessage(
  line: Line,
  record: QueueRecord,
  message: IngestMessage | null,
  error: string,
): Prepared {
  const receivedAt = message?.receivedAt ?? timeOfUnreadable(line, record)
  return asDead(
    {
      record,
      receivedAt,
      receivedDay: message?.receivedDay ?? utcDay(new Date(receivedAt)),
      projectId: message?.projectId ?? "0",
      organizationId: message?.organizationId ?? "0",
      keyId: message?.keyId ?? "0",
      eventId: message?.eventId ?? null,
      client: message?.client ?? "",
      endings: [{ ...UNREAD, quantity: 1 }, ...(message?.dropped ?? [])],
      event: null,
      fell: null,
      companions: null,
      dead: null,
    },
    error,
  )
}

/** Its id tells, unless that is garbage, too. */
function timeOfUnreadable({ clock }: Line, { id }: QueueRecord): number {
  const now = clock.now().getTime()
  const madeAt = timeOfId(id).getTime()
  return Math.abs(now - madeAt) < MAX_AGE_MS ? madeAt : now
}

const MAX_AGE_MS = 365 * 86_400_000
const UNREAD = { category: "error", outcome: "dead_lettered", reason: "" }

/** The same message as a dead letter: all its items end as that, so that a replay can take all of them back. */
export function asDead(prepared: Prepared, error: string): Prepared {
  const items: Record<string, number> = {}
  for (const { category, quantity } of itemsOf(prepared)) {
    items[category] = (items[category] ?? 0) + quantity
  }
  return {
    ...prepared,
    endings: [],
    event: null,
    fell: null,
    companions: null,
    dead: { error, items },
  }
}

function itemsOf({ endings, event, companions }: Prepared) {
  return [
    ...endings,
    ...(event ? [{ category: event.category, quantity: 1 }] : []),
    ...(companions ? endingsOf(companions, UNREAD) : []),
  ]
}
