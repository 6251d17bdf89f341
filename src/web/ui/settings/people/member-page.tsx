import type { Member } from "#accounts/organizations/members-store.ts"
import { isAtLeast, ROLES, type Role } from "#accounts/organizations/roles.ts"
import { nameOf } from "#accounts/users/user.ts"
import { urls } from "#urls.ts"
import { Button, ButtonLink } from "../../components/button.tsx"
import { Card } from "../../components/card.tsx"
import { Banner } from "../../components/feedback/notice.tsx"
import { Select } from "../../components/forms/field.tsx"
import { type FieldErrors, Form } from "../../components/forms/form.tsx"
import type { Shell } from "../../shell.ts"
import { OrganizationLayout } from "../organization-layout.tsx"
import { InviteLinks } from "./members-page.tsx"
import { TeamBoxes } from "./team-boxes.tsx"

type MemberPageProps = {
  shell: Shell
  organization: { slug: string; name: string }
  member: Member
  teams: string[]
  ownRole: Role
  canChange: boolean
  /** Oneself may always leave. */
  canRemove: boolean
  link?: string | null
  errors?: FieldErrors
}

export function MemberPage(props: MemberPageProps) {
  const { shell, organization, member, errors = {}, canChange } = props
  const isOpen = member.userId === null
  return (
    <OrganizationLayout
      shell={shell}
      organization={organization}
      page="members"
      title={nameOf(member)}
    >
      {props.link && (
        <InviteLinks links={[{ email: member.email, url: props.link }]} sendsMail={false} />
      )}
      {errors[""] && <Banner tone="error">{errors[""]}</Banner>}
      <Card title={isOpen ? "Open invitation" : "Member"}>
        <Form
          name="save"
          csrf={shell.csrf}
          buttons={
            canChange ? (
              <Button variant="primary">Save</Button>
            ) : (
              <p class="muted">Managers and owners may change this.</p>
            )
          }
        >
          <p class="muted">
            <bdi>{member.email}</bdi>
          </p>
          <Select
            name="role"
            label="Role"
            value={member.role}
            disabled={!canChange}
            error={errors.role}
            options={ROLES.map((role) => ({
              value: role,
              label: role,
              disabled: !isAtLeast(props.ownRole, role),
            }))}
          />
          <TeamBoxes teams={props.teams} chosen={member.teams} disabled={!canChange} />
        </Form>
      </Card>
      {isOpen && canChange && <Resend csrf={shell.csrf} />}
      {props.canRemove && <Remove csrf={shell.csrf} isOpen={isOpen} />}
      <p>
        <ButtonLink href={urls.members(organization.slug)}>All members</ButtonLink>
      </p>
    </OrganizationLayout>
  )
}

function Resend({ csrf }: { csrf: string }) {
  return (
    <Card title="Invitation link">
      <Form
        csrf={csrf}
        buttons={
          <>
            <Button name="action" value="resend">
              Send again
            </Button>
            <Button name="action" value="link">
              Show a link to copy
            </Button>
          </>
        }
      >
        <p>Both make a new link; the one before stops working.</p>
      </Form>
    </Card>
  )
}

function Remove({ csrf, isOpen }: { csrf: string; isOpen: boolean }) {
  const what = isOpen ? "Withdraw invitation" : "Remove from organization"
  return (
    <Card title={what} tone="error">
      <Form name="remove" csrf={csrf} buttons={<Button variant="danger">{what}</Button>}>
        <p>
          {isOpen
            ? "The link in the mail stops working."
            : "Their account stays; issues assigned to them stay assigned until somebody changes it."}
        </p>
      </Form>
    </Card>
  )
}
