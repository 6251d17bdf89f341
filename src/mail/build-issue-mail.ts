import type { App } from "#app.ts"
import { findSuspectCommits } from "#issues/resolving/suspects.ts"
import type { NormalizedEvent } from "#normalize/event.ts"
import { shortSha } from "#releases/version.ts"
import { automaticHeaders, headerText, issueThread, listHeaders, mailDomain } from "./headers.ts"
import {
  findActivityBefore,
  findMailActivity,
  findMailIssue,
  type MailActivity,
  type MailIssue,
} from "./issue-store.ts"
import {
  findLastEvent,
  findNewsEvent,
  type IssueNews,
  issueView,
  unsubscribeUrl,
} from "./issue-view.ts"
import type { AccountMailKind, MailKind } from "./queue-mail.ts"
import { daysAgo, returnWords } from "./return-words.ts"
import type { BuiltMail } from "./send.ts"
import { issueMail } from "./templates/issue.tsx"

type IssueMailKind = Exclude<MailKind, AccountMailKind>

const KIND_NAMES: Partial<Record<MailKind, string>> = {
  regression: "Regression",
  escalating: "Escalating",
  reappeared: "Back",
  assigned: "Assigned",
  comment: "Comment",
}

/** As filters in mail programs see the kinds. */
const HEADER_NAMES = {
  new: "new",
  regression: "regressed",
  escalating: "escalating",
  reappeared: "reappeared",
  assigned: "assigned",
  comment: "comment",
} as const

const LEVEL_NAMES: Record<number, string> = {
  10: "debug",
  20: "info",
  30: "warning",
  40: "error",
  50: "fatal",
}

type Data = Record<string, string>

/** null: the issue (or what was said of it) is gone, so there is nothing to tell any more. */
export async function buildIssueMail(
  app: App,
  kind: IssueMailKind,
  delivery: { id: string },
  data: Data,
): Promise<BuiltMail | null> {
  const issue = await findMailIssue(app.sql, data.projectId ?? "", data.issueId ?? "")
  if (!issue) return null
  const news = await newsOf(app, kind, issue, data)
  if (!news) return null
  const host = mailDomain(app.config)
  const name = HEADER_NAMES[kind]
  return {
    ...issueMail(issueView(app, news)),
    fromName: fromName(issue, kind),
    ...issueThread(host, issue.id, name, delivery.id),
    headers: {
      ...automaticHeaders(name),
      ...listHeaders({
        project: issue.projectSlug,
        organization: issue.organizationSlug,
        host,
        level: LEVEL_NAMES[issue.level] ?? "error",
        unsubscribeUrl: unsubscribeUrl(app, issue, news.userId),
      }),
    },
  }
}

/** The kind stands in the sender's name, because the subject must stay the same for the thread. */
function fromName(issue: MailIssue, kind: MailKind): string {
  const name = KIND_NAMES[kind]
  const project = `${issue.organizationSlug}/${issue.projectSlug}`
  return headerText(name ? `${project} · ${name}` : project)
}

async function newsOf(
  app: App,
  kind: IssueMailKind,
  issue: MailIssue,
  data: Data,
): Promise<IssueNews | null> {
  const base = { issue, userId: data.userId ?? "", quote: "" }
  if (kind === "new") {
    const event = await findNewsEvent(app, issue, data.eventId ?? "")
    const suspects = event ? await suspectsOf(app, issue, event) : []
    return { ...base, event, suspects, ...newIssueWords(issue, event) }
  }
  const activity = await findMailActivity(app.sql, issue.projectId, data.activityId ?? "")
  if (!activity) return null
  if (kind === "regression") {
    const event = await findNewsEvent(app, issue, data.eventId ?? "")
    return { ...base, event, ...(await regressionWords(app, issue, activity, event?.release)) }
  }
  if (kind === "escalating" || kind === "reappeared") {
    const words = await returnWords(app, kind, { issue, activity, place: placeOf(issue) })
    return { ...base, event: await findLastEvent(app, issue), ...words }
  }
  const who = activity.userName ?? "A rule"
  if (kind === "comment") {
    return { ...base, event: null, ...commentWords(issue, who, String(activity.data.text ?? "")) }
  }
  return { ...base, event: await findLastEvent(app, issue), ...assignmentWords(issue, who) }
}

const MAX_SUSPECTS = 2

function suspectsOf(app: App, issue: MailIssue, event: NormalizedEvent) {
  const place = { projectId: issue.projectId, issueId: issue.id }
  return findSuspectCommits(app.sql, place, event, MAX_SUSPECTS)
}

function placeOf(issue: MailIssue): string {
  return `${issue.organizationSlug}/${issue.projectSlug}`
}

function newIssueWords(issue: MailIssue, event: NormalizedEvent | null) {
  const { environment, release } = event ?? {}
  const place = [environment, release].filter(Boolean).join(", ")
  const where = environment ? `${placeOf(issue)}, ${environment}` : placeOf(issue)
  return {
    sentence: `New issue in ${where}`,
    preheader: `New${place ? ` in ${place}` : ""} · ${counted(Number(issue.timesSeen), "event")}, ${counted(issue.usersSeen, "user")}`,
    reason: `You get this because you are in a team of ${issue.projectSlug}.`,
  }
}

async function regressionWords(
  app: App,
  issue: MailIssue,
  activity: MailActivity,
  release: string | undefined,
) {
  const resolved = await findActivityBefore(app.sql, {
    projectId: issue.projectId,
    issueId: issue.id,
    activityId: activity.id,
    types: [
      "set_resolved",
      "set_resolved_in_release",
      "set_resolved_in_commit",
      "set_resolved_by_age",
    ],
  })
  const back = release ? `Back in ${release}` : "Back"
  const before = resolved ? `, resolved ${resolvedBy(resolved, activity.createdAt)}` : ""
  return {
    sentence: `Regression in ${placeOf(issue)}. ${back}${before}.`,
    preheader: `${back}${before}`,
    reason: `You get this because you are in a team of ${issue.projectSlug}.`,
  }
}

function resolvedBy(resolved: MailActivity, now: Date): string {
  const { data, userName, createdAt } = resolved
  return `${resolvedIn(data)}${userName ? `by ${userName} ` : resolvedBecause(resolved)}${daysAgo(createdAt, now)}`
}

/** What resolved it when nobody did; a commit that is known by its release is still worth its name. */
function resolvedBecause({ type, data }: MailActivity): string {
  if (type === "set_resolved_by_age") return "by itself for lack of events "
  const { version, commit } = data
  return typeof version === "string" && typeof commit === "string"
    ? `by commit ${shortSha(commit)} `
    : ""
}

function resolvedIn({ version, commit, current_release_version: seen }: MailActivity["data"]) {
  if (typeof version === "string" && version !== "") return `in ${version} `
  if (typeof commit === "string") return `in commit ${shortSha(commit)} `
  return typeof seen === "string" ? `in the release after ${seen} ` : ""
}

function assignmentWords(issue: MailIssue, who: string) {
  return {
    isAssignee: true,
    sentence: `${who} assigned this to you in ${placeOf(issue)}`,
    preheader: `${who} assigned this to you`,
    reason: "You get this because the issue is assigned to you or to your team.",
  }
}

function commentWords(issue: MailIssue, who: string, text: string) {
  return {
    sentence: `${who} commented in ${placeOf(issue)}`,
    preheader: text.slice(0, 90).toWellFormed(),
    quote: text,
    reason: "You get this because you follow this issue.",
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`
}
