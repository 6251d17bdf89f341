import { Button } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { Field, Select } from "../components/forms/field.tsx"
import { type FieldErrors, Form } from "../components/forms/form.tsx"
import { Layout } from "../layout.tsx"
import type { Shell } from "../shell.ts"
import { PlatformChoice } from "./platform-choice.tsx"

export type NewProject = { name: string; slug: string; platform: string; team: string }

type NewProjectPageProps = {
  shell: Shell
  /** Slugs. */
  teams: string[]
  form: NewProject
  errors?: FieldErrors
}

export function NewProjectPage({ shell, teams, form, errors = {} }: NewProjectPageProps) {
  return (
    <Layout {...shell} title="New project" section="projects">
      <header class="page-head">
        <h1>New project</h1>
      </header>
      <Card>
        <Form
          csrf={shell.csrf}
          errors={errors}
          buttons={<Button variant="primary">Create project</Button>}
        >
          <PlatformChoice chosen={form.platform} />
          <Field
            name="name"
            label="Name"
            value={form.name}
            maxlength={64}
            error={errors.name}
            required
          />
          <Field
            name="slug"
            label="Slug"
            value={form.slug}
            maxlength={50}
            error={errors.slug}
            help="Stands in addresses and short ids. Empty: made of the name."
            verbatim
          />
          <Select
            name="team"
            label="Team"
            value={form.team}
            help="Its members get mail about new issues."
            options={[
              ...teams.map((slug) => ({ value: slug, label: `#${slug}` })),
              { value: "", label: "No team" },
            ]}
          />
        </Form>
      </Card>
    </Layout>
  )
}
