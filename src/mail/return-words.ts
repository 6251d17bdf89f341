import type { App } from "#app.ts"
import { activitySentence } from "#issues/activity/sentence.ts"
import { listIssueHours } from "#issues/tags/shares-store.ts"
import { findActivityBefore, type MailActivity, type MailIssue } from "./issue-store.ts"
import { textBars } from "./text-bars.ts"

const HOUR_MS = 3_600_000
const SHOWN_HOURS = 12

/** What a mail tells of an issue that came back or escalates: what happened, which rule archived it, and the last hours as bars. */
export async function returnWords(
  app: Pick<App, "sql">,
  kind: "escalating" | "reappeared",
  { issue, activity, place }: { issue: MailIssue; activity: MailActivity; place: string },
) {
  const isEscalating = kind === "escalating"
  return {
    sentence: isEscalating ? `Escalating in ${place}` : `Back from the archive in ${place}`,
    preheader: isEscalating ? escalation(activity.data) : toldBy(activity),
    story: [isEscalating && `${escalation(activity.data)}.`, await archiving(app, issue, activity)]
      .filter(Boolean)
      .join(" "),
    graph: await graphOf(app, issue, activity.createdAt),
    reason: `You get this because you are in a team of ${issue.projectSlug}.`,
  }
}

/** "412 events in the last hour, usual 9". Of a new issue only what is unusual in its project is known. */
function escalation({ events, usual, forecast }: Record<string, unknown>): string {
  const counted = (value: unknown) => Number(value ?? 0).toLocaleString("en")
  return `${counted(events)} events in the last hour, ${
    usual === undefined ? `more than ${counted(forecast)} are unusual` : `usual ${counted(usual)}`
  }`
}

/** Who archived it, until when, and how long ago. */
async function archiving(app: Pick<App, "sql">, issue: MailIssue, activity: MailActivity) {
  const archived = await findActivityBefore(app.sql, {
    projectId: issue.projectId,
    issueId: issue.id,
    activityId: activity.id,
    types: ["set_ignored"],
  })
  if (!archived) return ""
  const ago = daysAgo(archived.createdAt, activity.createdAt)
  return toldBy(archived).replace(/\.$/, `, ${ago}.`)
}

function toldBy(activity: MailActivity): string {
  return activitySentence({ ...activity, userEmail: null })
}

async function graphOf(app: Pick<App, "sql">, issue: MailIssue, at: Date): Promise<string> {
  const last = Math.floor(at.getTime() / HOUR_MS) * HOUR_MS
  const starts = Array.from(
    { length: SHOWN_HOURS },
    (_, index) => last - (SHOWN_HOURS - 1 - index) * HOUR_MS,
  )
  const range = { from: new Date(starts[0] ?? last), to: new Date(last + HOUR_MS) }
  const hours = await listIssueHours(app.sql, issue, range)
  const counts = new Map(hours.map(({ hour, events }) => [hour.getTime(), events]))
  return textBars(
    starts.map((start) => ({
      label: `${new Date(start).toISOString().slice(11, 16)} UTC`,
      count: counts.get(start) ?? 0,
    })),
  )
}

export function daysAgo(at: Date, now: Date): string {
  const days = Math.floor((now.getTime() - at.getTime()) / 86_400_000)
  return days === 0 ? "today" : days === 1 ? "yesterday" : `${days} days ago`
}
