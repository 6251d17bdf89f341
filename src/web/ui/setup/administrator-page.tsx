import { Badge, type Tone } from "../components/badge.tsx"
import { Button } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { Table } from "../components/data/table.tsx"
import { Field } from "../components/forms/field.tsx"
import { type FieldErrors, Form } from "../components/forms/form.tsx"
import type { Check } from "./checks.ts"
import { SetupLayout } from "./setup-layout.tsx"

const TONES: Record<Check["state"], Tone> = { ok: "success", warning: "warning", error: "error" }

type AdministratorPageProps = {
  csrf: string
  checks: Check[]
  form: { name: string; email: string }
  minLength: number
  errors?: FieldErrors
}

export function AdministratorPage(props: AdministratorPageProps) {
  const { csrf, checks, form, minLength, errors = {} } = props
  return (
    <SetupLayout step="administrator" title="Welcome">
      <Card title="Checks" flush>
        <Table
          caption="Checks of this server"
          rows={checks}
          columns={[
            { head: "What", rowHead: true, cell: (check) => check.name },
            {
              head: "State",
              cell: (check) => <Badge tone={TONES[check.state]}>{check.state}</Badge>,
            },
            { head: "Found", cell: (check) => check.text },
          ]}
        />
      </Card>
      <Card title="The first administrator">
        <Form
          csrf={csrf}
          errors={errors}
          buttons={<Button variant="primary">Create account</Button>}
        >
          <Field
            name="name"
            label="Your name"
            value={form.name}
            autocomplete="name"
            maxlength={64}
            autofocus={Object.keys(errors).length === 0}
          />
          <Field
            name="email"
            label="E-mail address"
            type="email"
            value={form.email}
            autocomplete="username"
            error={errors.email}
            required
            verbatim
          />
          <Field
            name="password"
            label="Password"
            type="password"
            autocomplete="new-password"
            minlength={minLength}
            help={`At least ${minLength} characters; a few words are fine.`}
            error={errors.password}
            required
          />
        </Form>
      </Card>
    </SetupLayout>
  )
}
