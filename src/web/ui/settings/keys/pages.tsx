import { LIMITED_CATEGORIES } from "#options/limits.ts"
import type { ProjectKey } from "#projects/keys-store.ts"
import { type KeyAddresses, urls } from "#urls.ts"
import { Badge } from "../../components/badge.tsx"
import { Button, ButtonLink } from "../../components/button.tsx"
import { Card } from "../../components/card.tsx"
import { EmptyState } from "../../components/feedback/empty-state.tsx"
import { CopyField } from "../../components/forms/copy-field.tsx"
import { Checkbox, Field } from "../../components/forms/field.tsx"
import { type FieldErrors, Form } from "../../components/forms/form.tsx"
import { TimeAgo } from "../../components/time-ago.tsx"
import type { Shell } from "../../shell.ts"
import { DangerForm } from "../danger-form.tsx"
import { LimitsCard, type LimitsForm } from "../limits/form.tsx"
import { ProjectLayout } from "../project-layout.tsx"
import { KeyAddressesCard } from "./addresses.tsx"

type KeyRow = ProjectKey & { dsn: string; events: number }

type Base = {
  shell: Shell
  organization: { slug: string }
  project: { slug: string; name: string }
  canWrite: boolean
}

type KeysPageProps = Base & { keys: KeyRow[]; label: string; errors?: FieldErrors }

export function KeysPage(props: KeysPageProps) {
  const { shell, organization, project, keys, canWrite, errors = {} } = props
  return (
    <ProjectLayout shell={shell} organization={organization} project={project} page="keys">
      {keys.length === 0 && (
        <EmptyState title="No key">
          Without a key no program can send. A DSN is the address and the key in one line.
        </EmptyState>
      )}
      {keys.map((key) => (
        <KeyCard {...props} row={key} />
      ))}
      {canWrite && (
        <Card title="New key">
          <Form
            csrf={shell.csrf}
            errors={errors}
            buttons={<Button variant="primary">Create key</Button>}
          >
            <Field
              name="name"
              label="Label"
              value={props.label}
              maxlength={64}
              error={errors.name}
              help="Who sends with it: a program, a team, a customer."
              required
            />
          </Form>
        </Card>
      )}
    </ProjectLayout>
  )
}

function KeyCard({ shell, organization, project, row }: KeysPageProps & { row: KeyRow }) {
  return (
    <Card
      title={<bdi>{row.label}</bdi>}
      actions={
        <>
          {!row.isActive && <Badge tone="warning">Off</Badge>}
          <ButtonLink
            size="small"
            href={urls.projectKey(organization.slug, project.slug, row.publicKey)}
          >
            Configure
          </ButtonLink>
        </>
      }
    >
      <div class="stack">
        <CopyField id={`dsn-${row.id}`} value={row.dsn} label={`DSN of ${row.label}`} />
        <p class="muted">
          Created <TimeAgo at={row.createdAt} now={shell.now} zone={shell.zone} />, last used{" "}
          {row.lastUsedAt ? (
            <TimeAgo at={row.lastUsedAt} now={shell.now} zone={shell.zone} />
          ) : (
            "never"
          )}
          , {row.events.toLocaleString("en")} events in 24 h, {limitOf(row)}
        </p>
      </div>
    </Card>
  )
}

function limitOf({ rateLimitCount, rateLimitWindowSeconds }: ProjectKey): string {
  if (!rateLimitCount || !rateLimitWindowSeconds) return "no limit of its own"
  return `at most ${rateLimitCount.toLocaleString("en")} errors in ${rateLimitWindowSeconds} s`
}

type KeyPageProps = Base & {
  row: KeyRow
  addresses: KeyAddresses
  form: { label: string; count: string; seconds: string; isActive: boolean }
  errors?: FieldErrors
  dangerErrors?: FieldErrors
  limits: LimitsForm
  limitErrors?: FieldErrors
  hoursReached: ReadonlyMap<string, number>
}

export function KeyPage(props: KeyPageProps) {
  const { shell, organization, project, row, form, errors = {}, canWrite } = props
  return (
    <ProjectLayout
      shell={shell}
      organization={organization}
      project={project}
      page="keys"
      title={row.label}
    >
      <Card title="DSN">
        <CopyField id="dsn" value={row.dsn} label="DSN" />
      </Card>
      <KeyAddressesCard addresses={props.addresses} />
      <Card title="Key">
        <Form
          name="save"
          csrf={shell.csrf}
          errors={errors}
          buttons={canWrite ? <Button variant="primary">Save</Button> : null}
        >
          <fieldset class="form" {...(!canWrite && { disabled: true })}>
            <Field
              name="name"
              label="Label"
              value={form.label}
              maxlength={64}
              error={errors.name}
              required
            />
            <Checkbox
              name="isActive"
              label="Accepts events"
              checked={form.isActive}
              help="Off: programs that still send with it are refused."
            />
            <Field
              name="count"
              label="Errors at most"
              type="number"
              min={1}
              value={form.count}
              error={errors.count}
              help="Empty: no limit of its own."
            />
            <Field
              name="seconds"
              label="in so many seconds"
              type="number"
              min={1}
              value={form.seconds}
              error={errors.seconds}
            />
          </fieldset>
        </Form>
      </Card>
      <LimitsCard
        title="Limits of what is no error"
        action="limits"
        csrf={shell.csrf}
        categories={LIMITED_CATEGORIES.filter((category) => category !== "error")}
        form={props.limits}
        hoursReached={props.hoursReached}
        canWrite={canWrite}
        writers="Admins of the organization"
        errors={props.limitErrors}
      />
      {canWrite && <Rotate csrf={shell.csrf} />}
      {canWrite && (
        <DangerForm
          csrf={shell.csrf}
          action="delete"
          title="Delete key"
          button="Delete this key"
          consequence={`Programs that still send with it are refused for good. It brought ${row.events} events in the last 24 hours.`}
          slug={row.publicKey}
          errors={props.dangerErrors}
        />
      )}
    </ProjectLayout>
  )
}

function Rotate({ csrf }: { csrf: string }) {
  return (
    <Card title="Rotate">
      <Form name="rotate" csrf={csrf} buttons={<Button>Create a successor</Button>}>
        <p>
          Makes a new key with the same label and limit. Both work until you switch this one off, so
          that programs can change over one after the other.
        </p>
      </Form>
    </Card>
  )
}
