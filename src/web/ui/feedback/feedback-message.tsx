import type { Feedback } from "#feedback/read-store.ts"
import { urls } from "#urls.ts"
import { Badge } from "../components/badge.tsx"
import { ForeignText } from "../components/foreign-text.tsx"
import { TimeAgo } from "../components/time-ago.tsx"
import type { Shell } from "../shell.ts"

/** What somebody wrote, and who it was. `isLinked`: the time leads to its page. */
export function FeedbackMessage(props: {
  feedback: Feedback
  org: string
  shell: Pick<Shell, "now" | "zone">
  isLinked?: boolean
}) {
  const { feedback, org, shell } = props
  const when = <TimeAgo at={feedback.receivedAt} now={shell.now} zone={shell.zone} />
  return (
    <article class="feedback-message">
      <header class="row">
        <b class="anywhere">
          <ForeignText text={writerOf(feedback)} max={150} />
        </b>
        {feedback.name && feedback.email && (
          <span class="muted anywhere">
            <ForeignText text={feedback.email} max={100} />
          </span>
        )}
        <StatusBadge status={feedback.status} />
        <span class="muted">
          {props.isLinked ? <a href={urls.feedbackItem(org, feedback.id)}>{when}</a> : when}
        </span>
      </header>
      <p class="feedback-text anywhere">
        <ForeignText text={feedback.message} max={5_000} />
      </p>
    </article>
  )
}

export function writerOf({ name, email }: Pick<Feedback, "name" | "email">): string {
  return name || email || "Somebody without a name"
}

/** Nothing for what nobody has dealt with: the ordinary state needs no badge. */
function StatusBadge({ status }: Pick<Feedback, "status">) {
  if (status === "resolved") {
    return (
      <Badge tone="success" icon="check">
        Resolved
      </Badge>
    )
  }
  return status === "spam" ? <Badge tone="warning">Spam</Badge> : null
}
