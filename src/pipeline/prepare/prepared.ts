import type { Pair } from "#normalize/event.ts"
import type { QueueRecord } from "#platform/queue/queue.ts"
import type { Companions } from "../companions.ts"
import type { Ending, Verdict } from "../open.ts"

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
