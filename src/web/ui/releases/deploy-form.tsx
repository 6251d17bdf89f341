import { AppError } from "#platform/errors.ts"
import { MAX_DEPLOY_WORDS, type NewDeploy } from "#releases/deploys.ts"
import { Button } from "../components/button.tsx"
import { Field } from "../components/forms/field.tsx"
import { type FieldErrors, Form } from "../components/forms/form.tsx"
import type { FormData } from "../form-data.ts"
import type { Shell } from "../shell.ts"
import { localTime } from "../times.ts"
import { isWebAddress } from "./web-address.ts"

const FIELDS = ["environment", "name", "url", "startedAt", "finishedAt"] as const

/** What was typed at the last try, and what was wrong with it; null: nobody tried. */
export type DeployDraft = {
  values: Partial<Record<(typeof FIELDS)[number], string>>
  errors: FieldErrors
} | null

/** Tells of a deploy, as `sentry-cli deploys new` does. */
export function DeployForm(props: {
  shell: Shell
  environments: readonly string[]
  draft: DeployDraft
}) {
  const { shell, environments, draft } = props
  const { values = {}, errors = {} } = draft ?? {}
  const field = (name: (typeof FIELDS)[number]) => ({
    name,
    value: values[name] ?? "",
    error: errors[name],
  })
  return (
    <details class="card-body release-deploy" {...(draft && { open: true })}>
      <summary class="button">Mark a deploy</summary>
      <Form name="deploy" csrf={shell.csrf} errors={errors} buttons={<Button>Mark deploy</Button>}>
        <Field
          {...field("environment")}
          label="Environment"
          list="deploy-environments"
          maxlength={64}
          verbatim
          required
        />
        <datalist id="deploy-environments">
          {environments.map((name) => name !== "" && <option value={name} />)}
        </datalist>
        <Field {...field("name")} label="Name" maxlength={MAX_DEPLOY_WORDS} />
        <Field {...field("url")} label="Address" type="url" maxlength={MAX_DEPLOY_WORDS} verbatim />
        <Field {...field("startedAt")} label="Started" type="datetime-local" />
        <Field
          {...field("finishedAt")}
          label="Finished"
          type="datetime-local"
          help={`Both in ${shell.zone}. Empty means now.`}
        />
      </Form>
    </details>
  )
}

export function draftOf(form: FormData, errors: FieldErrors): DeployDraft {
  return { values: Object.fromEntries(FIELDS.map((name) => [name, form.text(name)])), errors }
}

/** Throws invalid for what can be told here. */
export function readDeployForm(
  form: FormData,
  { now, zone }: { now: Date; zone: string },
): NewDeploy {
  const url = form.text("url")
  if (url !== "" && !isWebAddress(url)) throw refused("url", "Begin it with https:// or http://.")
  const startedAt = momentIn(form, "startedAt", zone)
  const finishedAt = momentIn(form, "finishedAt", zone) ?? now
  if (finishedAt > now) throw refused("finishedAt", "This moment is still to come.")
  if (startedAt && startedAt > finishedAt) {
    throw refused("startedAt", "It cannot start after it finished.")
  }
  const environment = form.text("environment")
  if (environment === "") throw refused("environment", "Name the environment.")
  return { environment, name: form.text("name"), url, startedAt, finishedAt, projectIds: [] }
}

function momentIn(form: FormData, name: "startedAt" | "finishedAt", zone: string): Date | null {
  const text = form.text(name)
  if (text === "") return null
  const at = localTime(text, zone)
  if (!at) throw refused(name, "Enter a date and a time.")
  return at
}

const refused = (field: string, message: string) => new AppError("invalid", message, { field })
