import { ROLES } from "#accounts/organizations/roles.ts"
import { Button } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { Field, Select } from "../components/forms/field.tsx"
import { type FieldErrors, Form } from "../components/forms/form.tsx"
import type { Shell } from "../shell.ts"
import { DangerForm } from "./danger-form.tsx"
import { OrganizationLayout } from "./organization-layout.tsx"

type OrganizationGeneralPageProps = {
  shell: Shell
  organization: { id: string; slug: string; name: string }
  form: { name: string; slug: string; defaultRole: string }
  projectCount: number
  canWrite: boolean
  canDelete: boolean
  errors?: FieldErrors
  /** Of the form that deletes. */
  dangerErrors?: FieldErrors
}

export function OrganizationGeneralPage(props: OrganizationGeneralPageProps) {
  const { shell, organization, form, errors = {}, canWrite } = props
  return (
    <OrganizationLayout shell={shell} organization={organization} page="general">
      <Card title="Organization">
        <Form
          name="save"
          csrf={shell.csrf}
          errors={errors}
          buttons={
            canWrite ? (
              <Button variant="primary">Save</Button>
            ) : (
              <p class="muted">Managers and owners may change this.</p>
            )
          }
        >
          <Field
            name="name"
            label="Name"
            value={form.name}
            maxlength={64}
            error={errors.name}
            disabled={!canWrite}
            required
          />
          <Field
            name="slug"
            label="Slug"
            value={form.slug}
            maxlength={50}
            error={errors.slug}
            help="Stands in every address. Links with the old slug stop working."
            disabled={!canWrite}
            verbatim
            required
          />
          <Select
            name="defaultRole"
            label="Role of new members"
            value={form.defaultRole}
            disabled={!canWrite}
            options={ROLES.filter((role) => role !== "owner").map((role) => ({
              value: role,
              label: role,
            }))}
          />
        </Form>
      </Card>
      {props.canDelete && (
        <DangerForm
          csrf={shell.csrf}
          action="delete"
          title="Delete organization"
          button="Delete this organization"
          consequence={`Its ${props.projectCount} projects with all issues and events, its teams and members are gone for good.`}
          slug={organization.slug}
          errors={props.dangerErrors}
        />
      )}
    </OrganizationLayout>
  )
}
