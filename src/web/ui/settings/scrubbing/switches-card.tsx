import type { OrganizationScrub } from "#normalize/scrub/layers.ts"
import { Card } from "../../components/card.tsx"
import { Checkbox, Textarea } from "../../components/forms/field.tsx"
import type { FieldErrors } from "../../components/forms/form.tsx"
import type { ScrubForm } from "./scrub-form.ts"

type Words = {
  title: string
  data: string
  dataHelp?: string
  defaults: string
  ip: string
  sensitive: string
  safe: string
}

export const PROJECT_WORDS: Words = {
  title: "Data scrubbing",
  data: "Remove sensitive values",
  defaults: "Use the built-in list",
  ip: "Do not keep IP addresses",
  sensitive: "Parts of names, one a line, in addition to those of the organization.",
  safe: "Whole names whose values always stay, one a line.",
}

export const ORGANIZATION_WORDS: Words = {
  title: "In all projects",
  data: "Require that sensitive values are removed",
  dataHelp: "Projects cannot switch data scrubbing off.",
  defaults: "Require the built-in list",
  ip: "Keep no IP addresses in any project",
  sensitive: "Parts of names, one a line. They count in every project, whatever its settings say.",
  safe: "Whole names whose values stay in every project, one a line.",
}

/** The switches and lists of data scrubbing. `required`: what the organization asks of a project. */
export function SwitchesCard(props: {
  words: Words
  form: ScrubForm
  errors: FieldErrors
  required?: OrganizationScrub
}) {
  const { words, form, errors, required } = props
  const safe = required?.scrubDefaults
    ? "Without effect: the organization requires the built-in list, and names safe fields itself."
    : words.safe
  return (
    <Card title={words.title}>
      <div class="form">
        <Checkbox
          name="scrubData"
          label={words.data}
          checked={form.scrubData}
          help={required?.scrubData ? REQUIRED : words.dataHelp}
        />
        <Checkbox
          name="scrubDefaults"
          label={words.defaults}
          checked={form.scrubDefaults}
          help={`Passwords, tokens, keys, card numbers, by name and by shape.${required?.scrubDefaults ? ` ${REQUIRED}` : ""}`}
        />
        <Checkbox
          name="scrubIp"
          label={words.ip}
          checked={form.scrubIp}
          help={required?.scrubIp ? REQUIRED : undefined}
        />
        <Textarea
          name="sensitiveFields"
          label="More sensitive fields"
          value={form.sensitiveFields}
          rows={3}
          error={errors.sensitiveFields}
          help={words.sensitive}
        />
        <Textarea
          name="safeFields"
          label="Safe fields"
          value={form.safeFields}
          rows={3}
          error={errors.safeFields}
          help={safe}
        />
      </div>
    </Card>
  )
}

const REQUIRED = "The organization requires this, whatever is chosen here."
