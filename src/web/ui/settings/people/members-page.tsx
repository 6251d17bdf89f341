import type { Member } from "#accounts/organizations/members-store.ts"
import { isAtLeast, ROLE_DESCRIPTIONS, ROLES, type Role } from "#accounts/organizations/roles.ts"
import { nameOf } from "#accounts/users/user.ts"
import { urls } from "#urls.ts"
import { Badge } from "../../components/badge.tsx"
import { Button } from "../../components/button.tsx"
import { Card } from "../../components/card.tsx"
import { Table } from "../../components/data/table.tsx"
import { Banner } from "../../components/feedback/notice.tsx"
import { CopyField } from "../../components/forms/copy-field.tsx"
import { Select, Textarea } from "../../components/forms/field.tsx"
import { type FieldErrors, Form } from "../../components/forms/form.tsx"
import { TimeAgo } from "../../components/time-ago.tsx"
import type { Shell } from "../../shell.ts"
import { OrganizationLayout } from "../organization-layout.tsx"
import { TeamBoxes } from "./team-boxes.tsx"

export type InviteForm = { emails: string; role: string; teams: string[] }

type MembersPageProps = {
  shell: Shell
  organization: { slug: string; name: string }
  members: Member[]
  /** Slugs. */
  teams: string[]
  /** What the viewer may hand out; null: may not invite. */
  ownRole: Role | null
  form: InviteForm
  sendsMail: boolean
  /** Links made just now; shown once. */
  links?: { email: string; url: string }[]
  errors?: FieldErrors
}

export function MembersPage(props: MembersPageProps) {
  const { shell, organization, members, links = [] } = props
  return (
    <OrganizationLayout shell={shell} organization={organization} page="members">
      {links.length > 0 && <InviteLinks links={links} sendsMail={props.sendsMail} />}
      <Card title={`Members (${members.length})`} flush>
        <Table
          caption="Members"
          rows={members}
          columns={[
            {
              head: "Name",
              rowHead: true,
              cell: (row) => <Name row={row} org={organization.slug} />,
            },
            { head: "Role", cell: (row) => row.role },
            {
              head: "Teams",
              cell: (row) => row.teams.map((team) => `#${team}`).join(" ") || "none",
            },
            { head: "Last seen", cell: (row) => <LastSeen row={row} shell={shell} /> },
          ]}
        />
      </Card>
      {props.ownRole && <Invite {...props} ownRole={props.ownRole} />}
      <Card title="Roles" flush>
        <Table
          caption="What each role may do"
          rows={ROLES}
          columns={[
            { head: "Role", rowHead: true, cell: (role) => role },
            { head: "May", cell: (role) => ROLE_DESCRIPTIONS[role] },
          ]}
        />
      </Card>
    </OrganizationLayout>
  )
}

function Name({ row, org }: { row: Member; org: string }) {
  return (
    <>
      <a href={urls.member(org, row.id)}>
        <bdi>{nameOf(row)}</bdi>
      </a>
      {row.name && (
        <span class="muted">
          {" "}
          <bdi>{row.email}</bdi>
        </span>
      )}
    </>
  )
}

function LastSeen({ row, shell }: { row: Member; shell: Shell }) {
  if (row.userId === null) {
    const isOver = row.inviteExpiresAt === null || row.inviteExpiresAt < shell.now
    return isOver ? (
      <Badge tone="warning">Invitation ended</Badge>
    ) : (
      <Badge tone="info">Invited</Badge>
    )
  }
  if (!row.lastActiveAt) return <>never</>
  return <TimeAgo at={row.lastActiveAt} now={shell.now} zone={shell.zone} />
}

/** Invitation links made just now: they cannot be shown again. */
export function InviteLinks(props: {
  links: { email: string; url: string }[]
  sendsMail: boolean
}) {
  return (
    <Banner tone="success">
      <p>
        {props.sendsMail
          ? "Mails are on their way. These are the same links, in case a mail gets lost:"
          : "This server sends no mail: hand these links over yourself."}{" "}
        They are not shown again.
      </p>
      {props.links.map(({ email, url }, index) => (
        <div class="field">
          <span class="field-label">
            <bdi>{email}</bdi>
          </span>
          <CopyField id={`link-${index}`} value={url} label={`link for ${email}`} />
        </div>
      ))}
    </Banner>
  )
}

function Invite(props: MembersPageProps & { ownRole: Role }) {
  const { shell, form, errors = {}, ownRole } = props
  const roles = ROLES.filter((role) => isAtLeast(ownRole, role))
  return (
    <Card title="Invite" id="invite">
      <Form
        name="invite"
        csrf={shell.csrf}
        errors={errors}
        buttons={<Button variant="primary">Invite</Button>}
      >
        <Textarea
          name="emails"
          label="E-mail addresses"
          value={form.emails}
          rows={3}
          help="One a line."
          error={errors.emails}
          required
        />
        <Select
          name="role"
          label="Role"
          value={form.role}
          options={roles.map((role) => ({ value: role, label: role }))}
        />
        <TeamBoxes teams={props.teams} chosen={form.teams} />
      </Form>
    </Card>
  )
}
