import { Button } from "../../components/button.tsx"
import { Card } from "../../components/card.tsx"
import { Checkbox, Field } from "../../components/forms/field.tsx"
import type { FieldErrors } from "../../components/forms/form.tsx"
import { Form } from "../../components/forms/form.tsx"
import type { Shell } from "../../shell.ts"

export type ScrapingState = {
  /** By the installation. */
  isAllowed: boolean
  isOn: boolean
  hasToken: boolean
  /** That it is limited to; a token goes to no others. */
  domains: readonly string[]
}

type Props = { shell: Shell; scraping: ScrapingState; canWrite: boolean; errors: FieldErrors }

/** Whether files that nobody uploaded are fetched from where the browser had them. */
export function ScrapingCard({ shell, scraping, canWrite, errors }: Props) {
  return (
    <Card title="Fetch from the web" id="scraping">
      <div class="stack">
        <p>
          Scripts that nobody uploaded, and their maps, can be fetched from the address that the
          browser loaded them from. {whereText(scraping.domains)} Uploads are the better way: they
          belong to a release, and the maps need not be public.
        </p>
        {!scraping.isAllowed && (
          <p class="muted">
            This installation does not allow it: the option <code>sourcemaps.scrape</code> is off.
          </p>
        )}
        {scraping.isAllowed && !canWrite && (
          <p class="muted">It is {scraping.isOn ? "on" : "off"} for this project.</p>
        )}
        {scraping.isAllowed && canWrite && (
          <ScrapingForm csrf={shell.csrf} scraping={scraping} errors={errors} />
        )}
      </div>
    </Card>
  )
}

function whereText(domains: readonly string[]): string {
  return domains.includes("*")
    ? "As long as the allowed domains of this project are *, whoever has its DSN chooses which public addresses are fetched: name your own."
    : "Only the allowed domains of this project are asked."
}

type FormProps = { csrf: string; scraping: ScrapingState; errors: FieldErrors }

function ScrapingForm({ csrf, scraping, errors }: FormProps) {
  return (
    <Form csrf={csrf} name="scraping" errors={errors} buttons={<Button>Save</Button>}>
      <Checkbox name="isOn" label="Fetch scripts and source maps" checked={scraping.isOn} />
      <Field
        name="token"
        label="Security token"
        type="password"
        value=""
        autocomplete="off"
        error={errors.token}
        help={`Sent as X-Sentry-Token to the allowed domains that are named, over https alone. ${scraping.hasToken ? "There is one; leave this empty to keep it." : "None is set."}`}
      />
      {scraping.hasToken && <Checkbox name="dropToken" label="Remove the security token" />}
    </Form>
  )
}
