import { encodeMessage } from "#messages.ts"
import { utcDay } from "#platform/clock.ts"
import { messageId } from "#platform/ids.ts"
import { encodeRecord } from "#platform/queue/record.ts"
import { SpoolFull } from "#platform/spool/writer.ts"
import type { Caller } from "./caller.ts"
import type { Door } from "./door.ts"
import type { Parcel } from "./parcel.ts"
import { parkAttachments, unpark } from "./park-attachments.ts"
import type { RateLimit } from "./refusal.ts"
import type { Submission } from "./submission.ts"

const MAX_USER_AGENT_CHARS = 512
const MAX_ORIGIN_CHARS = 512
/** Stands for project, key and organization that nobody could look up. */
const NOT_KNOWN = "0"

/** SDKs keep quiet for a minute; by then the queue has moved or somebody has been told. */
const SPOOL_FULL: RateLimit = {
  retryAfterSeconds: 60,
  categories: [],
  scope: "organization",
  reason: "spool_full",
}

/** Puts the message on stable storage; what stands in the way when there is no place for it. */
export async function queueParcel(
  door: Door,
  submission: Submission,
  caller: Caller,
  parcel: Parcel,
  decided: { eventId: string | null; now: Date },
): Promise<RateLimit | null> {
  const { access } = caller
  const receivedAt = decided.now.getTime()
  const id = messageId()
  const parking = await parkAttachments(door, parcel, { id, receivedAt, isKnown: access !== null })
  const { body, encoding } = parcel.pack(parking.items)
  const limit = access ? null : door.unverified.take(body.length, receivedAt)
  if (limit) return limit

  const message = encodeMessage({
    id,
    projectId: access?.projectId ?? submission.projectId ?? NOT_KNOWN,
    keyId: access?.keyId ?? NOT_KNOWN,
    organizationId: access?.organizationId ?? NOT_KNOWN,
    publicKey: caller.publicKey,
    receivedAt,
    receivedDay: utcDay(decided.now),
    kind: submission.kind,
    encoding,
    unverified: access === null,
    origin: access ? null : (submission.origin?.slice(0, MAX_ORIGIN_CHARS) ?? null),
    clientAddress: submission.clientAddress,
    userAgent: submission.userAgent.slice(0, MAX_USER_AGENT_CHARS),
    client: caller.client,
    eventId: decided.eventId,
    dropped: parcel.dropped,
    ...(parking.kept.length > 0 && { parked: parking.kept }),
    body,
  })
  try {
    await door.spool.append(encodeRecord(id, message))
    return null
  } catch (error) {
    await unpark(door, parking)
    if (error instanceof SpoolFull) return SPOOL_FULL
    throw error
  }
}
