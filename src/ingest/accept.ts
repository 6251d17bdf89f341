import { readCredentials } from "#protocol/credentials.ts"
import type { Category } from "#protocol/items.ts"
import { type Caller, identify, mismatchOf } from "./caller.ts"
import type { Door } from "./door.ts"
import { inspectEvent } from "./inspect-event.ts"
import { noteRefusal, noteTurnedAway } from "./note-refusal.ts"
import { dropAll, dropEvent, openParcel, type Parcel } from "./parcel.ts"
import { queueParcel } from "./queue-parcel.ts"
import {
  type Answer,
  isRefusal,
  type RateLimit,
  type Refusal,
  type RefusalReason,
  refuse,
  refuseFor,
} from "./refusal.ts"
import type { Submission } from "./submission.ts"
import { takeRoom } from "./take-room.ts"

/** PostgreSQL's bigint ends here; of the same length, digits compare like numbers. */
const MAX_PROJECT_ID = "9223372036854775807"
const NO_LIMITS: readonly RateLimit[] = []

/**
 * The doorman: whose key, is it sound, is there room; then on to stable storage. An acceptance means that the bytes are
 * there; a refusal is a value, counted for the project it concerns. Only our own failures are thrown.
 */
export async function accept(door: Door, submission: Submission): Promise<Answer> {
  const { projectId, kind } = submission
  const known = await callerOf(door, submission)
  if (known && isRefusal(known)) return known
  const body = await submission.readBody()
  if (isRefusal(body)) return refuseFrom(door, known, body)
  const parcel = await openParcel(
    { kind, contentEncoding: submission.contentEncoding, body },
    door.limits,
    door.heavyLane,
  )
  if (isRefusal(parcel)) return refuseFrom(door, known, parcel)

  const caller = known ?? (await identifyByDsn(door, parcel, submission))
  if (isRefusal(caller)) return caller
  const mismatch = mismatchOf(parcel.dsn, { publicKey: caller.publicKey, projectId })
  if (mismatch) return refuseFrom(door, caller, mismatch)
  return admit(door, submission, caller, parcel)
}

/** Who sends, by what stands outside of the body; null when only an envelope's first line can tell. */
export function callerOf(
  door: Door,
  submission: Submission,
): Caller | Refusal | null | Promise<Caller | Refusal> {
  const { credentials, projectId, kind } = submission
  const claim = readCredentials(credentials)
  const mayBeInside = claim === "missing" && kind === "envelope"
  if (typeof claim === "string" && !mayBeInside) return refuseClaim(claim)
  if (projectId !== null && !isProjectId(projectId)) return refuse("invalid_project")
  return typeof claim === "string" ? null : identifyOrNote(door, claim, submission)
}

/** What there is no room for and what is no event is left behind; the rest goes to the queue. */
export async function admit(
  door: Door,
  submission: Submission,
  caller: Caller,
  parcel: Parcel,
): Promise<Answer> {
  const now = door.clock.now()
  // Nothing is limited while nobody can tell whose it is.
  const { access } = caller
  const isLimited = access !== null && door.room.isLimited(access)
  const limits = isLimited ? await takeRoom(door.room, access, parcel, now) : NO_LIMITS
  const inspected = inspectEvent(parcel, submission.kind, door.limits)
  if (isRefusal(inspected)) dropEvent(parcel, "invalid", "invalid_json")

  if (parcel.items.length === 0) {
    if (limits.length > 0) return refuseFrom(door, caller, refuseFor(...limits), parcel)
    if (isRefusal(inspected)) return refuseFrom(door, caller, inspected, parcel)
    if (parcel.dropped.length === 0) return { accepted: true, eventId: parcel.eventId, limits }
  }
  const eventId = isRefusal(inspected) ? parcel.eventId : inspected.eventId
  const full = await queueParcel(door, submission, caller, parcel, { eventId, now })
  if (full) {
    dropAll(parcel, "rate_limited", full.reason)
    return refuseFrom(door, caller, refuseFor(full), parcel)
  }
  if (access) {
    const { projectId, keyId } = access
    door.keysUsed.set(keyId, { projectId, keyId, usedAt: now })
  }
  return { accepted: true, eventId, limits }
}

async function identifyByDsn(
  door: Door,
  parcel: Parcel,
  submission: Submission,
): Promise<Caller | Refusal> {
  if (!parcel.dsn) return refuse("bad_envelope_credentials")
  const { publicKey, projectId } = parcel.dsn
  // A tunnel's path names no project.
  const request = { ...submission, projectId: submission.projectId ?? projectId }
  return identifyOrNote(door, { publicKey, client: "" }, request)
}

function identifyOrNote(
  door: Door,
  claim: { publicKey: string; client: string },
  submission: Submission,
): Caller | Refusal | Promise<Caller | Refusal> {
  const noted = (caller: Caller | Refusal) => {
    if (isRefusal(caller)) noteTurnedAway(door, claim, submission, caller)
    return caller
  }
  const caller = identify(door.keys, claim, submission)
  return caller instanceof Promise ? caller.then(noted) : noted(caller)
}

/** Writes down what becomes of a known caller's items; of a body that nobody could read, of the one item that it should have been. */
export function refuseFrom(
  door: Door,
  caller: Caller | null,
  refusal: Refusal,
  lost: Parcel | Category = "error",
): Refusal {
  const isOpaque = caller === null && refusal.reason === "invalid_envelope"
  if (isOpaque) return refuse("bad_envelope_credentials")
  if (caller?.access) {
    noteRefusal(door, { access: caller.access, client: caller.client }, refusal, lost)
  }
  return refusal
}

function refuseClaim(fault: Exclude<ReturnType<typeof readCredentials>, object>): Refusal {
  return refuse(fault === "missing" ? "missing_credentials" : (fault satisfies RefusalReason))
}

function isProjectId(text: string): boolean {
  const isShort = text.length < MAX_PROJECT_ID.length
  return /^[1-9]\d{0,18}$/.test(text) && (isShort || text <= MAX_PROJECT_ID)
}
