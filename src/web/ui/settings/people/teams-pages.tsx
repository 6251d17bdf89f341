import type { Member } from "#accounts/organizations/members-store.ts"
import type { Team } from "#accounts/organizations/teams-store.ts"
import { nameOf } from "#accounts/users/user.ts"
import { urls } from "#urls.ts"
import { Button } from "../../components/button.tsx"
import { Card } from "../../components/card.tsx"
import { Table } from "../../components/data/table.tsx"
import { EmptyState } from "../../components/feedback/empty-state.tsx"
import { Field } from "../../components/forms/field.tsx"
import { type FieldErrors, Form } from "../../components/forms/form.tsx"
import type { Shell } from "../../shell.ts"
import { DangerForm } from "../danger-form.tsx"
import { OrganizationLayout } from "../organization-layout.tsx"

type Base = { shell: Shell; organization: { slug: string; name: string } }

type TeamsPageProps = Base & {
  teams: Team[]
  canWrite: boolean
  form: { name: string; slug: string }
  errors?: FieldErrors
}

export function TeamsPage({ shell, organization, teams, ...props }: TeamsPageProps) {
  const { form, errors = {} } = props
  return (
    <OrganizationLayout shell={shell} organization={organization} page="teams">
      {teams.length === 0 ? (
        <EmptyState title="No team yet">
          The members of a project's teams get mail about its new issues.
        </EmptyState>
      ) : (
        <Card flush>
          <Table
            caption="Teams"
            rows={teams}
            columns={[
              {
                head: "Team",
                rowHead: true,
                cell: (team) => <a href={urls.team(organization.slug, team.slug)}>#{team.slug}</a>,
              },
              { head: "Name", cell: (team) => <bdi>{team.name}</bdi> },
              { head: "Members", number: true, cell: (team) => team.memberCount },
              { head: "Projects", cell: (team) => team.projects.join(", ") || "none" },
            ]}
          />
        </Card>
      )}
      {props.canWrite && (
        <Card title="New team">
          <Form
            csrf={shell.csrf}
            errors={errors}
            buttons={<Button variant="primary">Create team</Button>}
          >
            <TeamFields form={form} errors={errors} />
          </Form>
        </Card>
      )}
    </OrganizationLayout>
  )
}

type TeamPageProps = Base & {
  team: Team
  members: Member[]
  /** Of those in the team. */
  memberIds: string[]
  canWrite: boolean
  canDelete: boolean
  form: { name: string; slug: string }
  errors?: FieldErrors
  dangerErrors?: FieldErrors
}

export function TeamPage({ shell, organization, team, ...props }: TeamPageProps) {
  const { form, errors = {}, canWrite } = props
  return (
    <OrganizationLayout
      shell={shell}
      organization={organization}
      page="teams"
      title={`#${team.slug}`}
    >
      <Card title="Team">
        <Form
          name="save"
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
          <TeamFields form={form} errors={errors} disabled={!canWrite} />
          <fieldset class="field" {...(!canWrite && { disabled: true })}>
            <legend class="field-label">Members</legend>
            {props.members.map((member) => (
              <label class="check">
                <input
                  type="checkbox"
                  name="members"
                  value={member.id}
                  {...(props.memberIds.includes(member.id) && { checked: true })}
                />
                <bdi>{nameOf(member)}</bdi>
              </label>
            ))}
          </fieldset>
          <p>
            Projects:{" "}
            {team.projects.length === 0
              ? "none; a project's settings say which teams it belongs to."
              : team.projects.join(", ")}
          </p>
        </Form>
      </Card>
      {props.canDelete && (
        <DangerForm
          csrf={shell.csrf}
          action="delete"
          title="Delete team"
          button="Delete this team"
          consequence={`Its ${team.projects.length} projects stay, without this team. Issues assigned to it are assigned to nobody.`}
          slug={team.slug}
          errors={props.dangerErrors}
        />
      )}
    </OrganizationLayout>
  )
}

function TeamFields(props: {
  form: { name: string; slug: string }
  errors: FieldErrors
  disabled?: boolean
}) {
  const { form, errors, disabled } = props
  return (
    <>
      <Field
        name="name"
        label="Name"
        value={form.name}
        maxlength={64}
        error={errors.name}
        disabled={disabled}
      />
      <Field
        name="slug"
        label="Slug"
        value={form.slug}
        maxlength={50}
        help="How people name it: #backend."
        error={errors.slug}
        disabled={disabled}
        verbatim
        required
      />
    </>
  )
}
