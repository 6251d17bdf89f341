import type { Child } from "hono/jsx"
import { type Filter, filterNamed, SWITCHES } from "#normalize/filters/catalogue.ts"
import type { FilterSettings } from "#normalize/filters/settings.ts"
import type { Project } from "#projects/store.ts"
import { urls } from "#urls.ts"
import { Button } from "../../components/button.tsx"
import { Card } from "../../components/card.tsx"
import { Checkbox, Textarea } from "../../components/forms/field.tsx"
import { type FieldErrors, Form } from "../../components/forms/form.tsx"
import type { Shell } from "../../shell.ts"
import { ProjectLayout } from "../project-layout.tsx"
import type { FiltersForm } from "./form.ts"
import { LegacyBrowserBoxes } from "./legacy-browser-boxes.tsx"
import { type FilterTrial, FilterTrialCard } from "./trial.tsx"

type FiltersPageProps = {
  shell: Shell
  organization: { slug: string }
  project: Project
  form: FiltersForm
  /** Events dropped in the last 30 days, by filter. */
  counts: ReadonlyMap<string, number>
  canWrite: boolean
  errors?: FieldErrors
  trial?: FilterTrial
}

export function FiltersPage(props: FiltersPageProps) {
  const { shell, organization, project, errors = {}, canWrite } = props
  return (
    <ProjectLayout shell={shell} organization={organization} project={project} page="filters">
      <Summary counts={props.counts} />
      <Form
        action={urls.projectFilters(organization.slug, project.slug)}
        csrf={shell.csrf}
        errors={errors}
        buttons={
          canWrite ? null : <p class="muted">Admins, managers and owners may change this.</p>
        }
      >
        <fieldset class="stack" {...(!canWrite && { disabled: true })}>
          <Switches {...props} />
          <OldBrowsers {...props} />
          <Lists {...props} errors={errors} />
          <Policies {...props} errors={errors} />
          {canWrite && (
            <>
              <div class="form-actions">
                <Button variant="primary" name="action" value="save">
                  Save
                </Button>
              </div>
              <FilterTrialCard form={props.form} errors={errors} trial={props.trial} />
            </>
          )}
        </fieldset>
      </Form>
    </ProjectLayout>
  )
}

function Summary({ counts }: Pick<FiltersPageProps, "counts">) {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  return (
    <p class="muted">
      What matches is dropped before an issue, a release or a mail is made of it, with its
      attachments; the program that sent it is not told.{" "}
      {total === 0
        ? "Nothing was dropped in the last 30 days."
        : `In the last 30 days: ${total.toLocaleString("en")} ${total === 1 ? "event" : "events"}.`}
    </p>
  )
}

type PartProps = FiltersPageProps & { errors: FieldErrors }

/** Said where a filter has nothing to do yet. */
const NOT_YET: Partial<Record<string, string>> = {
  healthChecks:
    "Transactions are not kept yet, so there is nothing to drop: the choice waits for them.",
}

function Switches({ form, counts }: FiltersPageProps) {
  return (
    <Card title="What nobody can mend">
      <div class="filter-list">
        {SWITCHES.map((filter) => (
          <Counted count={counts.get(filter.id)}>
            <Checkbox
              name={filter.setting}
              label={filter.label}
              help={[filter.help, NOT_YET[filter.setting]].filter(Boolean).join(" ")}
              checked={form.filters[filter.setting] === true}
            />
          </Counted>
        ))}
      </div>
    </Card>
  )
}

function OldBrowsers({ form, counts }: FiltersPageProps) {
  const { label, help, id } = filterNamed("legacy-browsers")
  return (
    <Card title={label} actions={<Count count={counts.get(id)} />}>
      <div class="stack">
        <p class="muted">{help} They are told by their user agent.</p>
        <LegacyBrowserBoxes chosen={form.filters.legacyBrowsers} />
      </div>
    </Card>
  )
}

const LISTS = ["error-message", "release-version", "ip-address"] as const

function Lists({ form, counts, errors }: PartProps) {
  return (
    <Card title="What you do not want">
      <div class="filter-list">
        {LISTS.map((id) => (
          <Counted count={counts.get(id)}>
            <Lines filter={filterNamed(id)} filters={form.filters} errors={errors} />
          </Counted>
        ))}
        <p class="muted">
          In messages and releases <code>*</code> stands for anything, <code>?</code> for one
          character, <code>[0-9]</code> for one of some, <code>{"{a,b}"}</code> for either; a{" "}
          <code>\</code> takes the meaning away. A pattern is about the whole text, upper and lower
          case are one.
        </p>
      </div>
    </Card>
  )
}

function Policies({ form, counts, errors }: PartProps) {
  const filter = filterNamed("invalid-csp")
  return (
    <Card
      title="Reports about content security policies"
      actions={<Count count={counts.get(filter.id)} />}
    >
      <div class="form">
        <Checkbox
          name="cspDefaults"
          label="Use the built-in list"
          checked={form.filters.cspDefaults}
          help="Browsers’ own pages, extensions, and what toolbars and providers put into pages of others."
        />
        <Lines filter={filter} filters={form.filters} errors={errors} />
      </div>
    </Card>
  )
}

function Lines(props: { filter: Filter; filters: FilterSettings; errors: FieldErrors }) {
  const { setting, label, help } = props.filter
  const lines = props.filters[setting]
  return (
    <Textarea
      name={setting}
      label={label}
      value={Array.isArray(lines) ? lines.join("\n") : ""}
      rows={3}
      error={props.errors[setting]}
      help={help}
    />
  )
}

function Counted({ count, children }: { count: number | undefined; children: Child }) {
  return (
    <div class="filter-row">
      {children}
      <Count count={count} />
    </div>
  )
}

function Count({ count }: { count: number | undefined }) {
  if (!count) return null
  return (
    <span class="filter-count" title="Events dropped in the last 30 days">
      {count.toLocaleString("en")} in 30 days
    </span>
  )
}
