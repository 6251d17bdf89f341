import { urls } from "#urls.ts"
import { Button } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { AloneLayout } from "../layout.tsx"

type Kind = "issue" | "project"

const WHAT: Record<Kind, string> = { issue: "this issue", project: "this project" }

/** The form posts to its own address, which carries the signature. */
export function UnsubscribePage({ kind }: { kind: Kind }) {
  return (
    <AloneLayout title="No more mails">
      <Card>
        <h1>{`No more mails about ${WHAT[kind]}?`}</h1>
        <p>You can go back to getting them at any time, in your notification settings.</p>
        <form class="form" method="post">
          <input type="hidden" name="List-Unsubscribe" value="One-Click" />
          <div class="form-actions">
            <Button variant="primary">{`Stop mails about ${WHAT[kind]}`}</Button>
          </div>
        </form>
      </Card>
    </AloneLayout>
  )
}

export function UnsubscribedPage({ kind }: { kind: Kind }) {
  return (
    <AloneLayout title="No more mails">
      <Card>
        <h1>Done</h1>
        <p>{`You get no more mails about ${WHAT[kind]}.`}</p>
        <p>
          {kind === "issue"
            ? "To get them again, open the issue and press the bell."
            : "To get them again, switch the project back on in your settings."}
        </p>
        <p>
          <a href={urls.accountNotifications()}>Notification settings</a>
        </p>
      </Card>
    </AloneLayout>
  )
}

export function InvalidLinkPage() {
  return (
    <AloneLayout title="No more mails">
      <Card>
        <h1>This link is not valid</h1>
        <p>It may have been cut off by a mail program. Copy the whole address from the mail.</p>
        <p>
          Or choose what you are mailed in your{" "}
          <a href={urls.accountNotifications()}>notification settings</a>.
        </p>
      </Card>
    </AloneLayout>
  )
}
