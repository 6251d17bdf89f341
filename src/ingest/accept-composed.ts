import type { ItemToWrite } from "#protocol/envelope-writer.ts"
import type { Category } from "#protocol/items.ts"
import { admit, callerOf, refuseFrom } from "./accept.ts"
import type { Door } from "./door.ts"
import { openBody } from "./open-body.ts"
import { composeParcel } from "./parcel.ts"
import { type Answer, isRefusal, type Refusal, refuse } from "./refusal.ts"
import type { Submission } from "./submission.ts"

/** What a body that is no envelope would have been as one. */
export type Composition = { eventId: string | null; items: ItemToWrite[] }

/** How to read a body, and what it counts as when that fails. */
export type Form = {
  category: Category
  /** Unpacked; where it is less than an envelope may hold. */
  maxBytes?: number
  compose(bytes: Uint8Array): Composition | Refusal | Promise<Composition | Refusal>
}

/** Takes in what comes in a form of its own. */
export async function acceptComposed(
  door: Door,
  submission: Submission,
  form: Form,
): Promise<Answer> {
  const caller = await callerOf(door, submission)
  if (!caller) return refuse("missing_credentials")
  if (isRefusal(caller)) return caller
  const bytes = await plainBody(door, submission, form)
  const composition = isRefusal(bytes) ? bytes : await form.compose(bytes)
  if (isRefusal(composition)) {
    return refuseFrom(door, caller, composition, form.category)
  }
  const { eventId, items } = composition
  return admit(door, submission, caller, composeParcel(eventId, items, door.limits))
}

async function plainBody(
  { limits, heavyLane }: Door,
  submission: Submission,
  { maxBytes = limits.maxEnvelopeBytes }: Form,
): Promise<Uint8Array | Refusal> {
  const body = await submission.readBody()
  // Some have nothing to add to their address; where that is not enough `compose` says so.
  if (isRefusal(body) || body.length === 0) return body
  const opened = await openBody({ ...submission, body }, maxBytes, heavyLane)
  return isRefusal(opened) ? opened : opened.bytes
}
