import type { Occurrence } from "./occurrence.ts"

/** What the occurrences of one batch add to one issue. Times are milliseconds since 1970. */
export type IssueTally = {
  occurrences: Occurrence[]
  /** As received. */
  first: Occurrence
  /** The last one received: its title, culprit and level become the issue's. */
  latest: Occurrence
  latestReleaseId: string | null
  firstSeen: number
  lastSeen: number
  firstDay: string
  lastDay: string
  users: Set<string>
  /** Environment id and UTC hour of receivedAt, `ENV/MS` -> events. */
  hours: Map<string, number>
}

/** An issue that a batch touches: known already, or about to be made. */
export type TouchedIssue = { projectId: string; issueId: string; isNew: boolean; tally: IssueTally }

const HOUR_MS = 3_600_000

export function newTally(first: Occurrence): IssueTally {
  return {
    occurrences: [],
    first,
    latest: first,
    latestReleaseId: null,
    firstSeen: first.occurredAt,
    lastSeen: first.occurredAt,
    firstDay: first.receivedDay,
    lastDay: first.receivedDay,
    users: new Set(),
    hours: new Map(),
  }
}

export function addToTally(tally: IssueTally, occurrence: Occurrence): void {
  tally.occurrences.push(occurrence)
  if (occurrence.receivedAt >= tally.latest.receivedAt && !isPlaceholderOver(tally, occurrence)) {
    tally.latest = occurrence
  }
  tally.latestReleaseId = occurrence.releaseId ?? tally.latestReleaseId
  tally.firstSeen = Math.min(tally.firstSeen, occurrence.occurredAt)
  tally.lastSeen = Math.max(tally.lastSeen, occurrence.occurredAt)
  if (occurrence.receivedDay < tally.firstDay) tally.firstDay = occurrence.receivedDay
  if (occurrence.receivedDay > tally.lastDay) tally.lastDay = occurrence.receivedDay
  if (occurrence.userHash) tally.users.add(occurrence.userHash)
  const hour = Math.floor(occurrence.receivedAt / HOUR_MS) * HOUR_MS
  const key = `${occurrence.environmentId}/${hour}`
  tally.hours.set(key, (tally.hours.get(key) ?? 0) + 1)
}

/** A title that says nothing, like `<unlabeled event>`, never replaces one that says something. */
export function isPlaceholder(title: string): boolean {
  return title.startsWith("<") && title.endsWith(">")
}

function isPlaceholderOver(tally: IssueTally, occurrence: Occurrence): boolean {
  return isPlaceholder(occurrence.title) && !isPlaceholder(tally.latest.title)
}
