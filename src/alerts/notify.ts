import type { App } from "#app.ts"
import type { JobData } from "#jobs.ts"
import {
  findMailActivity,
  findMailIssue,
  listIssueAssignees,
  listIssueFollowers,
  type MailActivity,
  type MailIssue,
  type Recipient,
} from "#mail/issue-store.ts"
import { issueSubject } from "#mail/issue-subject.ts"
import { type MailKind, queueMail } from "#mail/queue-mail.ts"
import type { Db } from "#platform/db.ts"

/** Tells the assignee (or the assigned team), unless they did it themselves. */
export async function notifyAssignment(app: App, job: JobData<"notify-assignment">): Promise<void> {
  await notify(app, job, "assigned", listIssueAssignees)
}

/** Tells everyone who follows the issue, except the comment's author. */
export async function notifyComment(app: App, job: JobData<"notify-comment">): Promise<void> {
  await notify(app, job, "comment", listIssueFollowers)
}

type Job = { projectId: string; issueId: string; activityId: string }

async function notify(
  app: App,
  job: Job,
  kind: MailKind,
  listPeople: (db: Db, issue: Job) => PromiseLike<Recipient[]>,
): Promise<void> {
  const issue = await findMailIssue(app.sql, job.projectId, job.issueId)
  const activity = await findMailActivity(app.sql, job.projectId, job.activityId)
  if (!issue || !activity) return
  const people = await listPeople(app.sql, job)
  const others = people.filter((person) => person.userId !== activity.userId)
  if (others.length > 0) await queueAll(app, { issue, activity, kind, people: others })
}

async function queueAll(
  app: App,
  news: { issue: MailIssue; activity: MailActivity; kind: MailKind; people: Recipient[] },
): Promise<void> {
  await app.sql.begin(async (tx) => {
    const subject = await issueSubject(app, tx, news.issue)
    for (const person of news.people) {
      await queueMail(app, tx, {
        kind: news.kind,
        recipient: person.email,
        idempotencyKey: `${news.kind}:${news.issue.id}:${news.activity.id}:${person.userId}`,
        subject,
        data: {
          projectId: news.issue.projectId,
          issueId: news.issue.id,
          activityId: news.activity.id,
          userId: person.userId,
        },
      })
    }
  })
}
