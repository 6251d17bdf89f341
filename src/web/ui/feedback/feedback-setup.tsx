import { Card } from "../components/card.tsx"
import { EmptyState } from "../components/feedback/empty-state.tsx"
import { CodeSample } from "../guides/code-sample.tsx"

const WIDGET = `import * as Sentry from "@sentry/browser"

Sentry.init({
  dsn: "…",
  integrations: [Sentry.feedbackIntegration({ colorScheme: "system" })],
})`

const DIALOG = `Sentry.init({
  dsn: "…",
  beforeSend(event) {
    if (event.exception) Sentry.showReportDialog({ eventId: event.event_id })
    return event
  },
})`

const API = `curl -X POST https://…/api/0/projects/ORGANIZATION/PROJECT/user-feedback/ \\
  -H "Authorization: DSN …" -H "Content-Type: application/json" \\
  -d '{"event_id": "…", "name": "Jane", "email": "jane@example.com", "comments": "It broke"}'`

/** For those who never got any: the three ways to ask for it. */
export function FeedbackSetup() {
  return (
    <div class="stack narrow">
      <EmptyState title="Nobody has written yet">
        <p>
          Ask the people who use your program: what they write stands here, beside the error they
          met.
        </p>
      </EmptyState>
      <Card title="A button on every page">
        <CodeSample id="feedback-widget" label="Browser" code={WIDGET} />
      </Card>
      <Card title="A question when something broke">
        <CodeSample id="feedback-dialog" label="Browser" code={DIALOG} />
      </Card>
      <Card title="From any program">
        <CodeSample id="feedback-api" label="HTTP" code={API} />
      </Card>
    </div>
  )
}
