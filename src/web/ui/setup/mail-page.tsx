import type { MailDelivery } from "#mail/store.ts"
import { Button, ButtonLink } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { Banner } from "../components/feedback/notice.tsx"
import { Field, Select } from "../components/forms/field.tsx"
import { type FieldErrors, Form } from "../components/forms/form.tsx"
import { stepPath } from "./advance.ts"
import type { MailForm } from "./mail-form.ts"
import { SetupLayout } from "./setup-layout.tsx"

type MailPageProps = {
  csrf: string
  form: MailForm
  hasPassword: boolean
  /** The last test mail; null: none was sent yet. */
  test: MailDelivery | null
  errors?: FieldErrors
}

export function MailPage({ csrf, form, hasPassword, test, errors = {} }: MailPageProps) {
  return (
    <SetupLayout step="mail" title="Mail">
      {test && <TestMail test={test} />}
      <Card>
        <Form
          csrf={csrf}
          errors={errors}
          buttons={
            <>
              <Button variant="primary" name="action" value="save">
                Save and go on
              </Button>
              <Button name="action" value="test" icon="send">
                Save and send me a test
              </Button>
              <Button variant="quiet" name="action" value="skip">
                Go on without mail
              </Button>
            </>
          }
        >
          <p>
            New issues, invitations and lost passwords are told by mail. Without it, invitations
            become links that you hand over yourself.
          </p>
          <Field name="host" label="SMTP server" value={form.host} error={errors.host} verbatim />
          <Field
            name="port"
            label="Port"
            type="number"
            min={1}
            max={65535}
            value={form.port}
            error={errors.port}
            help="587 with STARTTLS, 465 with TLS, 25 for a relay of your own."
          />
          <Select
            name="encryption"
            label="Encryption"
            value={form.encryption}
            options={[
              { value: "none", label: "None" },
              { value: "starttls", label: "STARTTLS" },
              { value: "tls", label: "TLS from the start" },
            ]}
          />
          <Field name="username" label="User" value={form.username} autocomplete="off" verbatim />
          <Field
            name="password"
            label="Password"
            type="password"
            autocomplete="new-password"
            help={hasPassword ? "Empty: stays as it is." : undefined}
          />
          <Field
            name="from"
            label="Sender"
            value={form.from}
            error={errors.from}
            help="errors@example.com, or Errors <errors@example.com>"
            verbatim
          />
        </Form>
      </Card>
    </SetupLayout>
  )
}

/** How far the test mail has come: queued, taken by a worker, what became of it. */
export function TestMail({ test }: { test: MailDelivery }) {
  const path = stepPath("mail")
  if (test.status === "queued") {
    return (
      <div id="test-mail" hx-get={`${path}?part=test`} hx-trigger="every 2s" hx-swap="outerHTML">
        <Banner tone={test.attempts === 0 ? "info" : "error"}>
          <TestState test={test} />
          <ButtonLink href={path} icon="refresh-cw">
            Look again
          </ButtonLink>
        </Banner>
      </div>
    )
  }
  return (
    <div id="test-mail">
      <Banner tone={test.status === "sent" ? "success" : "error"}>
        <TestState test={test} />
      </Banner>
    </div>
  )
}

function TestState({ test }: { test: MailDelivery }) {
  const tries = test.attempts === 1 ? "1 try" : `${test.attempts} tries`
  const states = {
    sent: "was sent.",
    failed: `was given up after ${tries}.`,
    queued:
      test.attempts === 0
        ? "is queued. A worker takes it within seconds."
        : `was not sent, ${tries} so far. It is tried again; or change what is wrong and send another.`,
  }
  return (
    <>
      <p>
        The test mail to <bdi>{test.recipient}</bdi> {states[test.status]}
      </p>
      {test.reply && (
        <p>
          {test.status === "sent" && "The mail server said: "}
          <code>{test.reply}</code>
        </p>
      )}
    </>
  )
}
