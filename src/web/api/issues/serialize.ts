import { activitySentence } from "#issues/activity/sentence.ts"
import type { Activity } from "#issues/activity/store.ts"
import type { IssueDetail, ViewerState } from "#issues/detail-store.ts"
import { levelName, priorityName, STATUS } from "#issues/issue.ts"
import { formatShortId } from "#issues/short-id.ts"
import { inboxReasonOf, isAutoResolved } from "#issues/status/inbox.ts"
import { shortVersion } from "#releases/version.ts"
import { apiTime } from "../time.ts"

export type ApiSeries = Record<string, [seconds: number, events: number][]>

/** What an issue list needs of an issue. */
export type ApiIssue = Pick<
  IssueDetail,
  | "id"
  | "projectId"
  | "shortId"
  | "status"
  | "substatus"
  | "type"
  | "level"
  | "platform"
  | "logger"
  | "title"
  | "culprit"
  | "metadata"
  | "priority"
  | "isUnhandled"
  | "timesSeen"
  | "usersSeen"
  | "firstSeen"
  | "lastSeen"
  | "assigneeUserId"
  | "assigneeTeamId"
  | "assigneeName"
  | "assigneeEmail"
  | "archiveRule"
  | "archivedById"
  | "archivedByName"
  | "archivedByEmail"
  | "activeAt"
  | "returnedAt"
  | "resolvedAt"
  | "resolvedById"
  | "resolvedByName"
  | "resolvedByEmail"
  | "autoResolvedAt"
  | "priorityLockedAt"
  | "resolutionType"
  | "resolvedRelease"
  | "resolvedVersion"
  | "resolvedCommit"
  | "commentCount"
  | "projectSlug"
  | "projectName"
  | "projectPlatform"
>

/** Ids and `count` are strings, `userCount` a number, `permalink` absolute: clients break on anything else. */
export function serializeIssue(
  issue: ApiIssue,
  context: {
    permalink: string
    /** null: the caller wants none. */
    stats: ApiSeries | null
    viewer: ViewerState | null
    /** `expand=inbox`: why it waits for review. */
    withInbox: boolean
  },
) {
  const times = { firstSeen: apiTime(issue.firstSeen), lastSeen: apiTime(issue.lastSeen) }
  return {
    id: issue.id,
    shareId: null,
    shortId: formatShortId(issue.projectSlug, issue.shortId),
    title: issue.title,
    culprit: issue.culprit,
    permalink: context.permalink,
    logger: issue.logger,
    level: levelName(issue.level),
    status: statusOf(issue.status),
    statusDetails: statusDetailsOf(issue),
    substatus: issue.substatus,
    isPublic: false,
    platform: issue.platform,
    project: {
      id: issue.projectId,
      name: issue.projectName,
      slug: issue.projectSlug,
      platform: issue.projectPlatform,
    },
    type: issue.type,
    metadata: issue.metadata,
    numComments: issue.commentCount,
    assignedTo: assignedToOf(issue),
    isBookmarked: context.viewer?.isBookmarked ?? false,
    isSubscribed: context.viewer?.isSubscribed ?? false,
    subscriptionDetails: null,
    hasSeen: false,
    annotations: [],
    issueType: "error",
    issueCategory: "error",
    priority: priorityName(issue.priority),
    priorityLockedAt: issue.priorityLockedAt && apiTime(issue.priorityLockedAt),
    isUnhandled: issue.isUnhandled,
    count: issue.timesSeen,
    userCount: issue.usersSeen,
    ...times,
    ...(context.stats && { stats: context.stats }),
    lifetime: { count: issue.timesSeen, userCount: issue.usersSeen, ...times, stats: null },
    filtered: null,
    inbox: context.withInbox ? inboxOf(issue) : null,
    owners: null,
    sessionCount: null,
  }
}

/** A list's object and what only one issue's answer tells. */
export function serializeIssueDetail(
  issue: IssueDetail,
  context: Parameters<typeof serializeIssue>[1] & {
    activity: Activity[]
    tags: { key: string; totalValues: number }[]
  },
) {
  return {
    ...serializeIssue(issue, context),
    activity: context.activity.map(serializeActivity),
    seenBy: [],
    participants: [],
    userReportCount: 0,
    pluginActions: [],
    pluginIssues: [],
    pluginContexts: [],
    integrationIssues: [],
    firstRelease: releaseOf(issue.firstRelease),
    lastRelease: releaseOf(issue.lastRelease),
    tags: context.tags.map(({ key, totalValues }) => ({ key, name: nameOfKey(key), totalValues })),
  }
}

function statusOf(status: number) {
  if (status === STATUS.resolved) return "resolved"
  return status === STATUS.archived ? "ignored" : "unresolved"
}

function statusDetailsOf(issue: ApiIssue) {
  if (issue.status === STATUS.resolved) {
    if (isAutoResolved(issue)) return { autoResolved: true }
    const { resolvedById: id, resolvedByName: name, resolvedByEmail: email } = issue
    const resolution = resolutionOf(issue)
    const isPlain = Object.keys(resolution).length === 0
    return isPlain || !id ? resolution : { ...resolution, actor: actorOf(id, name, email) }
  }
  return issue.substatus === "archived_until_condition_met" ? archiveDetailsOf(issue) : {}
}

function archiveDetailsOf({ archiveRule, ...issue }: ApiIssue) {
  const rule = archiveRule ?? {}
  return {
    ignoreCount: rule.untilEvents ?? null,
    ignoreWindow: rule.windowMinutes ?? null,
    ignoreUserCount: rule.untilUsers ?? null,
    ignoreUserWindow: rule.userWindowMinutes ?? null,
    ignoreUntil: rule.until ? apiTime(new Date(rule.until)) : null,
    actor:
      issue.archivedById &&
      actorOf(issue.archivedById, issue.archivedByName, issue.archivedByEmail),
  }
}

function actorOf(id: string, name: string | null, email: string | null) {
  return { id, name: name ?? "", email: email ?? "" }
}

function resolutionOf(issue: ApiIssue) {
  switch (issue.resolutionType) {
    case "in_next_release":
    case "after_release":
      return { inNextRelease: true }
    case "in_commit":
      return issue.resolvedCommit ? { inCommit: inCommitOf(issue.resolvedCommit) } : {}
    default: {
      const inRelease = issue.resolvedRelease ?? issue.resolvedVersion
      return inRelease ? { inRelease } : {}
    }
  }
}

function inCommitOf({ sha, repository }: { sha: string; repository: string }) {
  return { id: sha, commit: sha, repository: { name: repository } }
}

/** Sentry's numbers of why an issue waits for review. */
const INBOX_REASONS = { new: 0, returned: 1, regression: 2, escalating: 5 } as const

function inboxOf(issue: ApiIssue) {
  const reason = inboxReasonOf(issue)
  return (
    reason && {
      reason: INBOX_REASONS[reason],
      reason_details: null,
      date_added: apiTime(issue.activeAt),
    }
  )
}

function assignedToOf(issue: ApiIssue) {
  if (issue.assigneeUserId) {
    return {
      type: "user",
      id: issue.assigneeUserId,
      name: issue.assigneeName ?? "",
      email: issue.assigneeEmail ?? "",
    }
  }
  return issue.assigneeTeamId
    ? { type: "team", id: issue.assigneeTeamId, name: issue.assigneeName ?? "" }
    : null
}

function serializeActivity(entry: Activity) {
  // What Undo needs is nobody else's.
  const { before: _, ...data } = entry.data
  return {
    id: entry.id,
    type: entry.type,
    user: entry.userId
      ? { id: entry.userId, name: entry.userName ?? entry.userEmail ?? "", email: entry.userEmail }
      : null,
    data,
    /** Not in Sentry: what the entry tells. */
    sentence: activitySentence(entry),
    dateCreated: apiTime(entry.createdAt),
  }
}

function releaseOf(version: string | null) {
  return version === null ? null : { version, shortVersion: shortVersion(version) }
}

/** `server_name` is "Server Name". */
function nameOfKey(key: string): string {
  return key.replace(/[._-]+/g, " ").replace(/\b[a-z]/g, (letter) => letter.toUpperCase())
}
