/** Numbers of `issues.status`, as Sentry has them. */
export const STATUS = { unresolved: 0, resolved: 1, archived: 2, deleting: 3, merging: 4 } as const
export type StatusName = keyof typeof STATUS

export type Substatus =
  | "new"
  | "ongoing"
  | "regressed"
  | "escalating"
  | "archived_until_escalating"
  | "archived_until_condition_met"
  | "archived_forever"

/** Numbers of `issues.level`. */
export const LEVEL = { debug: 10, info: 20, warning: 30, error: 40, fatal: 50 } as const
export type LevelName = keyof typeof LEVEL

/** Numbers of `issues.priority`. */
export const PRIORITY = { low: 25, medium: 50, high: 75 } as const
export type PriorityName = keyof typeof PRIORITY

export function statusName(status: number): StatusName {
  return nameOf(STATUS, status) ?? "unresolved"
}

export function levelName(level: number): LevelName {
  return nameOf(LEVEL, level) ?? "error"
}

export function priorityName(priority: number): PriorityName {
  return nameOf(PRIORITY, priority) ?? "medium"
}

function nameOf<Names extends Record<string, number>>(names: Names, number: number) {
  return Object.keys(names).find((name) => names[name] === number) as keyof Names | undefined
}

/** Enough to name an issue in a statement: every table of a project starts its key with project_id. */
export type IssueRef = { projectId: string; id: string }

/** When an archived issue comes back. All given conditions count from the moment of archiving; any one is enough. */
export type ArchiveRule = {
  /** ISO time. */
  until?: string
  /** More events than when it was archived... */
  untilEvents?: number
  /** ...within this many minutes; absent: ever. */
  windowMinutes?: number
  /** More users than when it was archived... */
  untilUsers?: number
  /** ...within this many minutes; absent: ever. */
  userWindowMinutes?: number
  /** Baselines at the time of archiving. */
  eventsThen?: number
  usersThen?: number
}

/** With what an issue is resolved. */
export type ResolveIn =
  | "now"
  /** The one after the greatest in which the issue was seen. */
  | "next_release"
  /** The one after the newest that there is. */
  | "upcoming_release"
  /** Of a version as somebody typed it; it need not exist yet. */
  | { version: string }
  | { releaseId: string; version: string }
  /** The beginning of its name. */
  | { sha: string }
  | { commitId: string; sha: string }

export type IssueAction =
  | { kind: "resolve"; in: ResolveIn }
  | { kind: "unresolve" }
  /** What the same person resolved or archived last is as it was before. */
  | { kind: "undo" }
  | { kind: "archive"; how: "until_escalating" | "forever" | "until_condition"; rule: ArchiveRule }
  | { kind: "assign"; to: { userId: string } | { teamId: string } | null }
  | { kind: "priority"; priority: PriorityName }
  | { kind: "bookmark"; on: boolean }
  | { kind: "subscribe"; on: boolean }
  | { kind: "review" }
