import { urls } from "#urls.ts"
import { Button } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { Field } from "../components/forms/field.tsx"
import { type FieldErrors, Form } from "../components/forms/form.tsx"
import { AloneLayout } from "../layout.tsx"
import { RevokeTokens } from "./revoke-tokens.tsx"

export function RecoverPage(props: { csrf: string; email: string; errors?: FieldErrors }) {
  return (
    <AloneLayout title="Lost password">
      <Card>
        <h1>Lost password</h1>
        <Form
          csrf={props.csrf}
          errors={props.errors ?? {}}
          buttons={
            <>
              <Button variant="primary">Send a link</Button>
              <a href={urls.login()}>Back to sign in</a>
            </>
          }
        >
          <p>We send you a link to set a new password.</p>
          <Field
            name="email"
            label="E-mail address"
            type="email"
            value={props.email}
            autocomplete="username"
            required
            verbatim
            autofocus
          />
        </Form>
      </Card>
    </AloneLayout>
  )
}

/** The same for every address, so that nobody learns who has an account. */
export function RecoverSentPage({ email, validMinutes }: { email: string; validMinutes: number }) {
  return (
    <AloneLayout title="Lost password">
      <Card>
        <h1>Look into your inbox</h1>
        <p>
          If <bdi>{email}</bdi> has an account here, a mail with a link is on its way. The link
          works once, for {validMinutes} minutes.
        </p>
        <p>
          <a href={urls.login()}>Back to sign in</a>
        </p>
      </Card>
    </AloneLayout>
  )
}

export function NoMailPage({ adminEmail }: { adminEmail: string }) {
  return (
    <AloneLayout title="Lost password">
      <Card>
        <h1>Lost password</h1>
        <p>
          This server sends no mail. Ask {adminEmail || "an administrator"} for a new password; on
          the server, <code>sentry-lite createuser --email YOU --force-update</code> sets one.
        </p>
        <p>
          <a href={urls.login()}>Back to sign in</a>
        </p>
      </Card>
    </AloneLayout>
  )
}

type NewPasswordProps = {
  csrf: string
  email: string
  minLength: number
  tokenCount: number
  revokeTokens: boolean
  errors?: FieldErrors
}

export function NewPasswordPage({
  csrf,
  email,
  minLength,
  errors = {},
  ...props
}: NewPasswordProps) {
  return (
    <AloneLayout title="New password">
      <Card>
        <h1>Set a new password</h1>
        <Form
          csrf={csrf}
          errors={errors}
          buttons={<Button variant="primary">Set password and sign in</Button>}
        >
          <input type="hidden" name="username" value={email} autocomplete="username" />
          <Field
            name="password"
            label="New password"
            type="password"
            autocomplete="new-password"
            minlength={minLength}
            help={`At least ${minLength} characters. Every other session of yours ends.`}
            error={errors.password}
            required
            autofocus
          />
          <RevokeTokens count={props.tokenCount} checked={props.revokeTokens} />
        </Form>
      </Card>
    </AloneLayout>
  )
}
