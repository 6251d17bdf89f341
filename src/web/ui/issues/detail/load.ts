import type { App } from "#app.ts"
import { type Attachment, listAttachments } from "#attachments/store.ts"
import { type EventFilter, findNeighbours, type IssueEvents } from "#events/read-store.ts"
import type { StoredEvent } from "#events/stored-event.ts"
import { findWhichEvent } from "#events/which-event.ts"
import { countIssueFeedback, type Feedback, listEventFeedback } from "#feedback/read-store.ts"
import { type Activity, listActivity } from "#issues/activity/store.ts"
import {
  type Assignable,
  findIssueDetail,
  findViewerState,
  type IssueDetail,
  listAssignables,
} from "#issues/detail-store.ts"
import { STATUS } from "#issues/issue.ts"
import { findHashText } from "#issues/moving/hash-store.ts"
import { findSuspectCommits, type SuspectCommit } from "#issues/resolving/suspects.ts"
import { type ArchiveState, findArchiveState } from "#issues/status/archive-state-store.ts"
import { listIssueHours, listTagShares, type TagShare } from "#issues/tags/shares-store.ts"
import type { Db } from "#platform/db.ts"
import { AppError } from "#platform/errors.ts"
import { listNewestReleases, type NamedRelease } from "#releases/order-store.ts"
import { withFirstSeen } from "./activity/first-seen.ts"

const HOUR = 3_600_000
const DAY = 24 * HOUR
const GRAPH_DAYS = 30
const FACT_KEYS = 6
/** Keys that tell where and whom it hits come before keys that say the same for every event. */
const TELLING_KEYS = [
  "environment",
  "release",
  "browser",
  "os",
  "device",
  "runtime",
  "url",
  "server_name",
  "user",
]
const DULL_KEYS = ["level", "handled", "mechanism", "logger", "dist"]
/** Of so many keys the most telling ones are chosen. */
const CANDIDATE_KEYS = 40
const FACT_VALUES = 5
const FACT_ACTIVITIES = 5
/** So many are suggested when a version is typed. */
const MAX_RELEASES = 20
const MAX_ATTACHMENTS = 50
const MAX_FEEDBACK = 20
const MAX_SUSPECTS = 5

/** What every page below an issue shows: head, tabs and what the viewer may do. */
export type IssueFrame = {
  issue: IssueDetail
  wasMerged: boolean
  viewerState: { isBookmarked: boolean; isSubscribed: boolean | null }
  assignables: Assignable[]
  /** The project's, newest first: in one of them it may be resolved. */
  releases: NamedRelease[]
  /** How near an archived issue is to coming back. */
  archive: ArchiveState | null
  /** What users wrote about it. */
  feedbackCount: number
  /** Known where the page has the issue's hours. */
  eventsLastDay?: number
}

export type EventPageData = IssueFrame & {
  stored: StoredEvent | null
  /** By which the event came to the issue; null: not known any more. */
  hash: string | null
  /** Of the event. */
  attachments: Attachment[]
  feedback: Feedback[]
  /** Commits that may have brought it. */
  suspects: SuspectCommit[]
  neighbours: { older: string | null; newer: string | null }
  shares: TagShare[]
  hours: { hour: Date; events: number }[]
  activity: Activity[]
}

/** Throws not_found: no such issue in this organization. */
export async function loadIssueFrame(
  app: Pick<App, "sql" | "clock">,
  request: { organizationId: string; issue: string; userId: string },
): Promise<IssueFrame> {
  const found = await findIssueDetail(app.sql, request.organizationId, request.issue)
  if (!found) throw new AppError("not_found", "There is no such issue.")
  const { issue } = found
  const now = app.clock.now()
  const [viewerState, assignables, releases, feedbackCount, archive] = await Promise.all([
    findViewerState(app.sql, found.issue, request.userId),
    listAssignables(app.sql, request.organizationId),
    listNewestReleases(app.sql, found.issue.projectId, MAX_RELEASES),
    countIssueFeedback(app.sql, found.issue),
    issue.status === STATUS.archived ? findArchiveState(app.sql, issue, now) : null,
  ])
  return { ...found, viewerState, assignables, releases, feedbackCount, archive }
}

/** `which`: latest, oldest, recommended, or the id of one event (dashes allowed). */
export async function loadEventPage(
  app: Pick<App, "sql" | "clock">,
  frame: IssueFrame,
  which: string,
  filter: EventFilter,
): Promise<EventPageData> {
  const { issue } = frame
  const scope = eventsOf(issue)
  const now = app.clock.now()
  const [event, shares, hours, activity] = await Promise.all([
    findWithCompanions(app.sql, scope, which, filter),
    listTagShares(app.sql, issue, { keyLimit: CANDIDATE_KEYS, top: FACT_VALUES }),
    listIssueHours(app.sql, issue, {
      from: new Date(now.getTime() - GRAPH_DAYS * DAY),
      to: new Date(now.getTime() + HOUR),
    }),
    listActivity(app.sql, issue, { limit: FACT_ACTIVITIES }),
  ])
  return {
    ...frame,
    eventsLastDay: eventsSince(hours, new Date(now.getTime() - DAY)),
    ...event,
    shares: mostTelling(shares),
    hours,
    activity: withFirstSeen(activity, issue, FACT_ACTIVITIES),
  }
}

async function findWithCompanions(db: Db, scope: IssueEvents, which: string, filter: EventFilter) {
  const stored = await findWhichEvent(db, scope, which, filter)
  if (!stored) {
    const neighbours = { older: null, newer: null }
    return { stored, hash: null, neighbours, attachments: [], feedback: [], suspects: [] }
  }
  const event = { projectId: scope.projectId, eventId: stored.eventId }
  const [hash, neighbours, attachments, feedback, suspects] = await Promise.all([
    findHashText(db, stored, stored.hashId),
    findNeighbours(db, scope, stored, filter),
    listAttachments(db, { ...event, since: stored.receivedDay }, MAX_ATTACHMENTS),
    listEventFeedback(db, event, MAX_FEEDBACK),
    findSuspectCommits(db, scope, stored.event, MAX_SUSPECTS),
  ])
  return { stored, hash, neighbours, attachments, feedback, suspects }
}

function eventsSince(hours: EventPageData["hours"], from: Date): number {
  return hours.reduce((sum, { hour, events }) => (hour >= from ? sum + events : sum), 0)
}

/** Where and whom it hits comes before what is the same for every event. */
export function mostTelling(shares: TagShare[]): TagShare[] {
  const rank = ({ key }: TagShare) => {
    const telling = TELLING_KEYS.indexOf(key)
    if (telling >= 0) return telling
    return TELLING_KEYS.length + Number(DULL_KEYS.includes(key) || key.endsWith(".name"))
  }
  return [...shares].sort((a, b) => rank(a) - rank(b)).slice(0, FACT_KEYS)
}

export function eventsOf(issue: IssueDetail): IssueEvents {
  return {
    projectId: issue.projectId,
    issueId: issue.id,
    firstReceivedDay: issue.firstReceivedDay,
    lastReceivedDay: issue.lastReceivedDay,
  }
}
