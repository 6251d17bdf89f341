import { can } from "#accounts/users/viewer.ts"
import type { Attachment } from "#attachments/store.ts"
import type { Feedback } from "#feedback/read-store.ts"
import { urls } from "#urls.ts"
import { AttachmentList } from "../../../attachments/attachment-list.tsx"
import { FeedbackMessage } from "../../../feedback/feedback-message.tsx"
import type { Shell } from "../../../shell.ts"
import { Section } from "./section.tsx"

type Props = {
  shell: Shell
  org: string
  issueId: string
  eventId: string
  attachments: readonly Attachment[]
  feedback: readonly Feedback[]
}

/** What came with an event, or because of it: files, and what the people said whom it hit. */
export function CompanionSections(props: Props) {
  const { shell, org, issueId, eventId, attachments, feedback } = props
  const canDelete = shell.organization !== null && can(shell.organization, "event:admin")
  return (
    <>
      {attachments.length > 0 && (
        <Section id="attachments" title="Attachments" count={attachments.length} shortcut="9">
          <AttachmentList
            attachments={attachments}
            hrefOf={({ id }) => urls.attachment(org, issueId, eventId, id)}
            csrf={canDelete ? shell.csrf : null}
          />
        </Section>
      )}
      {feedback.length > 0 && (
        <Section id="feedback" title="User feedback" count={feedback.length}>
          {feedback.map((each) => (
            <FeedbackMessage feedback={each} org={org} shell={shell} isLinked />
          ))}
        </Section>
      )}
    </>
  )
}
