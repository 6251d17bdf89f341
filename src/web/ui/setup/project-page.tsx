import { Button } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { Field } from "../components/forms/field.tsx"
import { type FieldErrors, Form } from "../components/forms/form.tsx"
import { PlatformChoice } from "../projects/platform-choice.tsx"
import { SetupLayout } from "./setup-layout.tsx"

export type FirstProjectForm = {
  organization: string
  organizationSlug: string
  project: string
  projectSlug: string
  platform: string
}

type FirstProjectPageProps = { csrf: string; form: FirstProjectForm; errors?: FieldErrors }

export function FirstProjectPage({ csrf, form, errors = {} }: FirstProjectPageProps) {
  return (
    <SetupLayout step="project" title="Organization and first project">
      <Card>
        <Form csrf={csrf} errors={errors} buttons={<Button variant="primary">Create</Button>}>
          <Field
            name="organization"
            label="Organization"
            value={form.organization}
            maxlength={64}
            error={errors.organization}
            help="Your company or group: people and projects belong to it."
            required
            autofocus
          />
          <Field
            name="organizationSlug"
            label="Its slug"
            value={form.organizationSlug}
            maxlength={50}
            error={errors.organizationSlug}
            help="Stands in every address. Empty: made of the name."
            verbatim
          />
          <Field
            name="project"
            label="First project"
            value={form.project}
            maxlength={64}
            error={errors.project}
            help="One program whose errors belong together."
            required
          />
          <Field
            name="projectSlug"
            label="Its slug"
            value={form.projectSlug}
            maxlength={50}
            error={errors.projectSlug}
            help="Stands in short ids such as BACKEND-2S. Empty: made of the name."
            verbatim
          />
          <PlatformChoice chosen={form.platform} />
        </Form>
      </Card>
    </SetupLayout>
  )
}
