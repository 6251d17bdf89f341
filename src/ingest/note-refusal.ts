import type { DroppedItem } from "#messages.ts"
import type { KeyAccess } from "#projects/key-access-store.ts"
import type { Category } from "#protocol/items.ts"
import { siteOf } from "#protocol/origin.ts"
import { isCountedInBytes } from "#protocol/quantities.ts"
import type { Door } from "./door.ts"
import type { Parcel } from "./parcel.ts"
import type { Refusal, RefusalReason } from "./refusal.ts"
import type { Submission } from "./submission.ts"

type Books = Pick<Door, "counts" | "verdicts" | "strangers" | "clock">

/** Sentry's words for what is refused before its items are known. */
const outcomeReasons: Partial<Record<RefusalReason, string>> = {
  empty_body: "no_data",
  broken_body: "invalid_compression",
  unsupported_encoding: "invalid_compression",
  header_mismatch: "multi_project_id",
}

/** How the items end that are lost with a refusal: all are counted, some are kept for whoever looks for their event. */
export function noteRefusal(
  { counts, verdicts, clock }: Books,
  caller: { access: KeyAccess; client: string },
  refusal: Refusal,
  lost: Parcel | Category = "error",
): void {
  const now = clock.now()
  const { projectId, keyId } = caller.access
  const of = { projectId, keyId, receivedAt: now.getTime() }
  for (const item of lostItems(refusal, lost)) {
    counts.add({ ...of, ...item })
    if (isCountedInBytes(item.category)) continue
    verdicts.note({ ...item, projectId }, now, () => ({
      ...of,
      eventId: typeof lost === "string" ? null : eventIdOf(lost),
      category: item.category,
      cause: refusal.cause ?? "",
      client: caller.client,
    }))
  }
}

function lostItems(refusal: Refusal, lost: Parcel | Category): readonly DroppedItem[] {
  if (typeof lost !== "string") {
    return lost.dropped.length > 0 ? lost.dropped : lostItems(refusal, "error")
  }
  const [limit] = refusal.limits ?? []
  const end = limit
    ? { outcome: "rate_limited", reason: limit.reason }
    : { outcome: "invalid", reason: outcomeReasons[refusal.reason] ?? refusal.reason }
  return [{ ...end, category: lost, quantity: 1 }]
}

const OWN_ID = /"event_id"\s{0,8}:\s{0,8}"([0-9a-f]{32}|[0-9a-f-]{36})"/i
/** Clients write it first, or last. */
const SEARCHED_BYTES = 4096

/** The envelope's, else what looks like one in the event: it may have been refused because nothing more can be read. */
function eventIdOf({ eventId, lostEvent }: Parcel): string | null {
  if (eventId !== null || !lostEvent) return eventId
  const begin = Buffer.from(lostEvent.subarray(0, SEARCHED_BYTES)).toString("latin1")
  const end = Buffer.from(lostEvent.subarray(-SEARCHED_BYTES)).toString("latin1")
  const [, found] = OWN_ID.exec(begin) ?? OWN_ID.exec(end) ?? []
  const id = found?.replaceAll("-", "").toLowerCase()
  return id?.length === 32 ? id : null
}

const STRANGERS = new Set<RefusalReason>(["unknown_key", "invalid_key"])

/** Somebody who may not send: what they sent is a known project's loss, or they are nobody's. */
export function noteTurnedAway(
  books: Books,
  claim: { publicKey: string; client: string },
  submission: Submission,
  refusal: Refusal,
): void {
  const { publicKey, client } = claim
  if (refusal.access) noteRefusal(books, { access: refusal.access, client }, refusal)
  if (!STRANGERS.has(refusal.reason)) return
  const stranger = {
    publicKey,
    project: submission.projectId ?? "",
    reason: refusal.reason,
    client: client || submission.userAgent,
    origin: siteOf(submission.origin),
    address: submission.clientAddress,
  }
  books.strangers.note(stranger, books.clock.now())
}
