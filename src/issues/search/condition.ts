import type { StatusName, Substatus } from "../issue.ts"

/** A value as typed, one of several, or an ILIKE pattern when it has wildcards. */
export type SingleMatch = { equals: string } | { like: string }
export type Match = SingleMatch | { oneOf: string[] }

export type Person = { kind: "viewer" } | { kind: "user"; email: string }
export type Assignee =
  | Person
  | { kind: "nobody" }
  | { kind: "team"; slug: string }
  | { kind: "viewerTeams" }

export type TextColumn =
  | "title"
  | "culprit"
  | "platform"
  | "logger"
  | "type"
  | "errorType"
  | "errorValue"
  | "searchText"

/** What an issue must be. Every value is plain data; stream-store.ts writes the SQL. */
export type Condition =
  | { kind: "and" | "or"; of: Condition[] }
  | { kind: "not"; of: Condition }
  | { kind: "status"; status: StatusName }
  | { kind: "substatus"; substatus: Substatus }
  | { kind: "forReview" }
  | { kind: "isAssigned" }
  | { kind: "assignee"; who: Assignee }
  | { kind: "bookmarked" | "subscribed"; by: Person }
  | { kind: "level"; level: number }
  | { kind: "priority"; priority: number }
  | { kind: "unhandled" }
  | { kind: "text"; text: string }
  | { kind: "column"; column: TextColumn; match: Match }
  /** `match` null: the key is there at all. */
  | { kind: "tag"; key: string; match: Match | null }
  | { kind: "latestRelease" }
  | { kind: "firstRelease"; match: Match }
  | { kind: "latestFirstRelease" }
  /** `from` inclusive, `to` exclusive. */
  | { kind: "time"; column: "firstSeen" | "lastSeen"; from?: Date; to?: Date }
  | { kind: "timesSeen"; operator: "=" | ">" | ">=" | "<" | "<="; count: number }
  | { kind: "project"; slug: string }
  | { kind: "projectId" | "issueId"; id: string }
  | { kind: "shortId"; projectSlug: string; number: string }
  | { kind: "eventId"; id: string }
  | { kind: "never" }
