import { PLATFORMS, platformOf } from "#projects/platforms.ts"
import type { Project } from "#projects/store.ts"
import { Button } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { Checkbox, Field, Select, Textarea } from "../components/forms/field.tsx"
import { type FieldErrors, Form } from "../components/forms/form.tsx"
import type { Shell } from "../shell.ts"
import { TeamBoxes } from "./people/team-boxes.tsx"
import { ProjectLayout } from "./project-layout.tsx"

/** As typed: lists one a line, numbers as text. */
export type ProjectForm = {
  name: string
  slug: string
  platform: string
  teams: string[]
  resolveAgeHours: string
  minimalMail: boolean
  allowedDomains: string
}

type ProjectGeneralPageProps = {
  shell: Shell
  organization: { slug: string }
  project: Project
  teams: string[]
  form: ProjectForm
  canWrite: boolean
  errors?: FieldErrors
}

export function ProjectGeneralPage(props: ProjectGeneralPageProps) {
  const { shell, organization, project, errors = {}, canWrite } = props
  return (
    <ProjectLayout shell={shell} organization={organization} project={project} page="general">
      <Form
        csrf={shell.csrf}
        errors={errors}
        buttons={
          canWrite ? (
            <Button variant="primary">Save</Button>
          ) : (
            <p class="muted">Admins, managers and owners may change this.</p>
          )
        }
      >
        <fieldset class="stack" {...(!canWrite && { disabled: true })}>
          <Identity {...props} errors={errors} />
          <Behaviour {...props} errors={errors} />
        </fieldset>
      </Form>
    </ProjectLayout>
  )
}

type PartProps = ProjectGeneralPageProps & { errors: FieldErrors }

function Identity({ project, form, teams, errors }: PartProps) {
  const known = PLATFORMS.some(({ id }) => id === form.platform)
  const platforms = known ? PLATFORMS : [...PLATFORMS, platformOf(form.platform)]
  return (
    <Card title="Project">
      <div class="form">
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
          help="Stands in addresses and short ids. Links with the old slug stop working; the DSN stays."
          verbatim
          required
        />
        <Select
          name="platform"
          label="Platform"
          value={form.platform}
          options={platforms.map(({ id, label }) => ({ value: id, label }))}
        />
        <TeamBoxes teams={teams} chosen={form.teams} />
        <p class="muted">
          Project id: <code>{project.id}</code>
        </p>
      </div>
    </Card>
  )
}

function Behaviour({ form, errors }: PartProps) {
  return (
    <Card title="Events and mails">
      <div class="form">
        <Field
          name="resolveAgeHours"
          label="Resolve issues by themselves after"
          type="number"
          min={0}
          max={8760}
          value={form.resolveAgeHours}
          error={errors.resolveAgeHours}
          help="Hours without an event; 0 = never."
        />
        <Textarea
          name="allowedDomains"
          label="Allowed domains"
          value={form.allowedDomains}
          error={errors.allowedDomains}
          help="From which pages browsers may send, one a line: example.com, *.example.com, * for all. Programs that are no browsers are not asked."
        />
        <Checkbox
          name="minimalMail"
          label="Mails without details"
          checked={form.minimalMail}
          help="Only title and link: no stack trace, request or user."
        />
      </div>
    </Card>
  )
}
