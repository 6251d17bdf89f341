import type { IngestMessage } from "#messages.ts"
import type { NormalizedEvent } from "#normalize/event.ts"
import type { QueueRecord } from "#platform/queue/queue.ts"
import { newEventId } from "#protocol/event-id.ts"
import { endingsOf, type ReadDumps, readCompanions, scrubCompanions } from "../companions.ts"
import type { Line } from "../line.ts"
import type { WaitingEvent } from "../map-waiting.ts"
import { openMessage, type RawEvent } from "../open.ts"
import type { Project } from "../projects.ts"
import { asDead, UNREAD } from "./dead.ts"
import { decideEvent, readEvent } from "./prepare-event.ts"
import type { Prepared } from "./prepared.ts"

/** Opens a message of a project; an event whose source map is not at hand is finished later, and has its place in the batch already. */
export function prepareMessage(
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

/** No such project, or none that this key may send to. */
export function homelessMessage(line: Line, record: QueueRecord, message: IngestMessage): Prepared {
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
