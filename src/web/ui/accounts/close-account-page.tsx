import { Button } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { Field } from "../components/forms/field.tsx"
import { type FieldErrors, Form } from "../components/forms/form.tsx"
import type { Shell } from "../shell.ts"
import { AccountLayout } from "./account-layout.tsx"

export function CloseAccountPage(props: { shell: Shell; errors?: FieldErrors }) {
  const { shell, errors = {} } = props
  return (
    <AccountLayout shell={shell} page="close">
      <Card title="Close account" tone="error">
        <Form
          csrf={shell.csrf}
          errors={errors}
          buttons={<Button variant="danger">Close my account for good</Button>}
        >
          <p>
            Your sessions, tokens and memberships end at once. Issues stay; your comments and what
            you did to issues stay without your name.
          </p>
          <Field
            name="current"
            label="Your password"
            type="password"
            autocomplete="current-password"
            error={errors.current}
            required
          />
        </Form>
      </Card>
    </AccountLayout>
  )
}
