import { setImmediate as nextTurn } from "node:timers/promises"
import { decodeMessage, type IngestMessage } from "#messages.ts"
import { messageOf } from "#platform/errors.ts"
import type { QueueRecord } from "#platform/queue/queue.ts"
import { judgeUnverified } from "../judge.ts"
import { keepAttachments } from "../keep-attachments.ts"
import type { Line } from "../line.ts"
import { mapWaiting, type WaitingEvent } from "../map-waiting.ts"
import { readDumps } from "../read-dumps.ts"
import { deadMessage } from "./dead.ts"
import { homelessMessage, prepareMessage } from "./prepare-message.ts"
import type { Prepared } from "./prepared.ts"

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
