import type { LevelName, PriorityName, StatusName, Substatus } from "../issue.ts"
import type { Period } from "./period.ts"

export const SORTS = ["date", "new", "freq", "user", "priority"] as const
export type Sort = (typeof SORTS)[number]

/** An issue as lists show it. */
export type StreamIssue = {
  id: string
  projectId: string
  projectSlug: string
  /** The number behind the project's slug; `formatShortId` makes it readable. */
  shortId: string
  status: StatusName
  substatus: Substatus | null
  /** error, default, csp ... */
  type: string
  level: LevelName
  platform: string | null
  title: string
  culprit: string
  metadata: { type?: string; value?: string; filename?: string; function?: string; title?: string }
  priority: PriorityName
  isUnhandled: boolean
  /** Over the whole life of the issue. */
  timesSeen: number
  usersSeen: number
  firstSeen: Date
  lastSeen: Date
  /** Back from the archive, and nobody looked at it yet. */
  returnedAt: Date | null
  /** Version of the last event's release. */
  release: string | null
  assignee:
    | { kind: "user"; id: string; name: string }
    | { kind: "team"; id: string; name: string }
    | null
  commentCount: number
  isBookmarked: boolean
}

/** Which issues of which projects, seen through which window. */
export type StreamScope = {
  organizationId: string
  /** Only these; an empty list is no issue at all. */
  projectIds: readonly string[]
  /** Names; empty = all. "" = events without one. */
  environments: readonly string[]
  period: Period
  /** Whose "me", bookmarks and teams are meant; null for a token that belongs to nobody. */
  viewerId: string | null
}
