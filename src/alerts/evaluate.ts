import type { App } from "#app.ts"
import type { JobData } from "#jobs.ts"
import { findMailIssue, listIssueRecipients } from "#mail/issue-store.ts"
import { issueSubject } from "#mail/issue-subject.ts"
import { queueMail } from "#mail/queue-mail.ts"

/**
 * Decides who hears that an issue is new or came back: the members of the project's teams. Runs at least once per
 * news; the idempotency key makes a second run harmless. An issue that is gone by now is no news.
 */
export async function evaluateAlerts(app: App, job: JobData<"evaluate-alerts">): Promise<void> {
  const issue = await findMailIssue(app.sql, job.projectId, job.issueId)
  if (!issue) return
  const recipients = await listIssueRecipients(app.sql, job)
  if (recipients.length === 0) return
  await app.sql.begin(async (tx) => {
    const subject = await issueSubject(app, tx, issue)
    for (const person of recipients) {
      await queueMail(app, tx, {
        kind: job.trigger,
        recipient: person.email,
        idempotencyKey: `${job.trigger}:${job.issueId}:${job.activityId}:${person.userId}`,
        subject,
        data: {
          projectId: job.projectId,
          issueId: job.issueId,
          eventId: job.eventId,
          activityId: job.activityId,
          userId: person.userId,
        },
      })
    }
  })
}
