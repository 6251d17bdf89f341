import type { App } from "#app.ts"
import { formatShortId } from "#issues/short-id.ts"
import type { Db } from "#platform/db.ts"
import { headerText } from "./headers.ts"
import type { MailIssue } from "./issue-store.ts"
import { recordThreadSubject } from "./store.ts"

/** "BACKEND-2S - ZeroDivisionError: division by zero": the same in every mail of the issue, whatever its title becomes. */
export function issueSubject(app: Pick<App, "config">, db: Db, issue: MailIssue): Promise<string> {
  const prefix = app.config["mail.subject-prefix"]
  const subject = headerText(
    isMinimal(issue)
      ? `${prefix}${formatShortId(issue.projectSlug, issue.shortId)}`
      : `${prefix}${formatShortId(issue.projectSlug, issue.shortId)} - ${issue.title}`,
  )
  return recordThreadSubject(db, { projectId: issue.projectId, issueId: issue.id, subject })
}

/** A project may keep messages, code and user data out of its mails. */
export function isMinimal(issue: Pick<MailIssue, "settings">): boolean {
  return issue.settings.minimalMail === true
}
