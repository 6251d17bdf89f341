/** Distinct users are counted exactly up to here; beyond it pages say "10k+". */
export const MAX_USERS_COUNTED = 10_000

/** One event, as far as its issue is concerned. Times are milliseconds since 1970. */
export type Occurrence = {
  projectId: string
  organizationId: string
  eventId: string
  /** 32 hex digits each, in the order in which they decide: application frames before system frames. */
  hashes: string[]
  receivedAt: number
  /** UTC day of receivedAt. */
  receivedDay: string
  occurredAt: number
  environmentId: string
  releaseId: string | null
  /** Signed 63-bit decimal; null: nobody known was hit. */
  userHash: string | null
  type: string
  /** 10 debug .. 50 fatal */
  level: number
  platform: string
  logger: string | null
  title: string
  culprit: string
  metadata: Record<string, unknown>
  searchText: string
  isUnhandled: boolean
}

/** Where an occurrence went; null: its hash was discarded by somebody. */
export type Place = { issueId: string; hashId: string } | null

/** What somebody may want to be told. `activityId` is "" for a new issue, `eventId` when no single event did it. */
export type IssueNews = {
  projectId: string
  issueId: string
  eventId: string
  trigger: "new" | "regression" | "reappeared" | "escalating"
  activityId: string
}

/** Something else changed the ground under the batch: roll back and do it again. */
export class ConcurrentChange extends Error {}
