import type { OrganizationScrub } from "#normalize/scrub/layers.ts"
import { nameOfRule } from "#normalize/scrub/rules/rule.ts"
import type { Project } from "#projects/store.ts"
import { urls } from "#urls.ts"
import { Button } from "../../components/button.tsx"
import { Card } from "../../components/card.tsx"
import { type FieldErrors, Form } from "../../components/forms/form.tsx"
import type { Shell } from "../../shell.ts"
import { OrganizationLayout } from "../organization-layout.tsx"
import { ProjectLayout } from "../project-layout.tsx"
import { TrialCard } from "../trial-card.tsx"
import { RulesCard } from "./rules-card.tsx"
import type { ScrubForm } from "./scrub-form.ts"
import { ORGANIZATION_WORDS, PROJECT_WORDS, SwitchesCard } from "./switches-card.tsx"
import type { ScrubTrial } from "./trial.ts"
import { ScrubTrialResult } from "./trial-result.tsx"

export type PrivacyPageProps = {
  shell: Shell
  organization: { slug: string; name: string }
  form: ScrubForm
  sample: string
  canWrite: boolean
  errors?: FieldErrors
  trial?: ScrubTrial | undefined
}

export function ProjectPrivacyPage(
  props: PrivacyPageProps & { project: Project; required: OrganizationScrub },
) {
  const { shell, organization, project, required } = props
  return (
    <ProjectLayout shell={shell} organization={organization} project={project} page="privacy">
      <Inherited organization={organization} required={required} />
      <PrivacyForm
        {...props}
        words={PROJECT_WORDS}
        writers="Admins, managers and owners"
        sampleHelp="An event as JSON, or the id of one of this project; empty: its latest. It is scrubbed as it stands above, saved or not, and is not kept."
      />
    </ProjectLayout>
  )
}

export function OrganizationPrivacyPage(props: PrivacyPageProps) {
  return (
    <OrganizationLayout shell={props.shell} organization={props.organization} page="privacy">
      <PrivacyForm
        {...props}
        words={ORGANIZATION_WORDS}
        writers="Managers and owners"
        sampleHelp="An event as JSON. It is scrubbed as in a project without settings of its own, and is not kept."
      />
    </OrganizationLayout>
  )
}

type PrivacyFormProps = PrivacyPageProps & {
  words: typeof PROJECT_WORDS
  writers: string
  sampleHelp: string
  required?: OrganizationScrub
}

function PrivacyForm(props: PrivacyFormProps) {
  const { shell, form, errors = {}, canWrite, trial } = props
  return (
    <Form csrf={shell.csrf} errors={errors} buttons={null}>
      {canWrite && <EnterSaves />}
      <fieldset class="stack" {...(!canWrite && { disabled: true })}>
        <SwitchesCard
          words={props.words}
          form={form}
          errors={errors}
          {...(props.required && { required: props.required })}
        />
        <RulesCard rules={form.rules} errors={errors} canWrite={canWrite} />
      </fieldset>
      {canWrite ? (
        <div class="form-actions">
          <Button variant="primary" name="action" value="save">
            Save
          </Button>
        </div>
      ) : (
        <p class="muted">{`${props.writers} may change this.`}</p>
      )}
      <TrialCard
        sample={props.sample}
        help={props.sampleHelp}
        errors={errors}
        result={trial && <ScrubTrialResult trial={trial} />}
      />
    </Form>
  )
}

/** The Enter key presses a form's first button, which would be one that removes a rule. */
function EnterSaves() {
  return (
    <button class="visually-hidden" type="submit" name="action" value="save" tabindex={-1}>
      Save
    </button>
  )
}

function Inherited(props: { organization: { slug: string }; required: OrganizationScrub }) {
  const lines = inheritedLines(props.required)
  if (lines.length === 0) return null
  return (
    <Card
      title="From the organization"
      actions={<a href={urls.organizationPrivacy(props.organization.slug)}>Change</a>}
    >
      <ul>
        {lines.map((line) => (
          <li class="anywhere">{line}</li>
        ))}
      </ul>
    </Card>
  )
}

function inheritedLines(required: OrganizationScrub): string[] {
  const { sensitiveFields, safeFields, scrubRules } = required
  return [
    required.scrubData && "Data scrubbing cannot be switched off.",
    required.scrubDefaults && "The built-in list is required.",
    required.scrubIp && "IP addresses are not kept.",
    sensitiveFields.length > 0 && `Sensitive fields: ${sensitiveFields.join(", ")}`,
    safeFields.length > 0 && `Safe fields: ${safeFields.join(", ")}`,
    ...scrubRules.map((rule) => `Rule of the ${nameOfRule(rule, "organization")}`),
  ].filter((line) => line !== false)
}
