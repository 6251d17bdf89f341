import { Hono } from "hono"
import { type Invitation, invite, renewInvitation } from "#accounts/organizations/invitations.ts"
import { changeRole, changeTeams, removeMember } from "#accounts/organizations/members.ts"
import { getMember, listMembers } from "#accounts/organizations/members-store.ts"
import { isRole } from "#accounts/organizations/roles.ts"
import { getOrganization } from "#accounts/organizations/store.ts"
import { listTeams } from "#accounts/organizations/teams-store.ts"
import { nameOf } from "#accounts/users/user.ts"
import { can } from "#accounts/users/viewer.ts"
import type { App } from "#app.ts"
import { publicAddress } from "#config.ts"
import { queueMail } from "#mail/queue-mail.ts"
import type { Tx } from "#platform/db.ts"
import { AppError } from "#platform/errors.ts"
import { sha256 } from "#platform/ids.ts"
import { urls } from "#urls.ts"
import { viewerOf, type WebContext, type WebEnv } from "../../../context.ts"
import { checkScope, requireOrganization, requireScope } from "../../../middleware/access.ts"
import { actorIn } from "../../actor-in.ts"
import type { FieldErrors } from "../../components/forms/form.tsx"
import { setFlash } from "../../flash.ts"
import { type FormData, formErrors, readForm, unknownAction } from "../../form-data.ts"
import { shellOf } from "../../shell.ts"
import { MemberPage } from "./member-page.tsx"
import { type InviteForm, MembersPage } from "./members-page.tsx"

const MEMBERS = "/settings/:org/members/"
const MEMBER = "/settings/:org/members/:member{[0-9]{1,18}}/"
/** Invitations of one form: each is a mail. */
const MAX_INVITES = 50

export function memberRoutes(app: App): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()
  const canRead = requireScope("member:read")

  routes.get(MEMBERS, requireOrganization, canRead, async (c) =>
    c.html(await membersPage(app, c, {})),
  )
  routes.post(MEMBERS, requireOrganization, requireScope("member:write"), (c) => inviteAll(app, c))

  routes.get(MEMBER, requireOrganization, canRead, async (c) =>
    c.html(await memberPage(app, c, {})),
  )
  routes.post(MEMBER, requireOrganization, canRead, (c) => changeMember(app, c))

  return routes
}

type MembersExtras = {
  form?: InviteForm
  links?: { email: string; url: string }[]
  errors?: FieldErrors
}

async function membersPage(app: App, c: WebContext, extras: MembersExtras) {
  const { membership } = c.var
  const { organizationId, slug } = membership
  const { defaultRole } = await getOrganization(app.sql, slug)
  return (
    <MembersPage
      shell={shellOf(app, c)}
      organization={membership}
      members={await listMembers(app.sql, organizationId)}
      teams={await teamSlugs(app, organizationId)}
      ownRole={can(membership, "member:write") ? membership.role : null}
      form={{ emails: "", role: defaultRole, teams: [] }}
      sendsMail={sendsMail(app)}
      {...extras}
    />
  )
}

/** All or none: one address that does not work leaves the form as it was. */
async function inviteAll(app: App, c: WebContext) {
  const { organizationId } = c.var.membership
  const data = await readForm(c)
  const form = { emails: data.text("emails"), role: data.text("role"), teams: data.list("teams") }
  let made: Invitation[] = []
  const errors = await formErrors(async () => {
    const emails = emailsIn(form.emails)
    const { role, teams } = form
    if (!isRole(role)) throw new AppError("invalid", "Choose a role.", { field: "role" })
    made = await app.sql.begin(async (tx) => {
      const invitations: Invitation[] = []
      for (const email of emails) {
        const guest = { organizationId, email, role, teams }
        const invitation = await invite(app, tx, actorIn(c), guest)
        await mailInvitation(app, tx, c, invitation)
        invitations.push(invitation)
      }
      return invitations
    })
  })
  if (errors) return c.html(await membersPage(app, c, { form, errors: asEmails(errors) }), 422)
  const links = made.map(({ email, ...rest }) => ({ email, url: linkOf(app, c, rest) }))
  return c.html(await membersPage(app, c, { links }))
}

function emailsIn(text: string): string[] {
  const emails = [
    ...new Set(
      text
        .toLowerCase()
        .split(/[\s,;]+/)
        .filter(Boolean),
    ),
  ]
  if (emails.length === 0 || emails.length > MAX_INVITES) {
    throw new AppError("invalid", `Write 1 to ${MAX_INVITES} addresses.`, { field: "emails" })
  }
  return emails
}

/** The form's field is called `emails`. */
function asEmails({ email, ...errors }: FieldErrors): FieldErrors {
  return email ? { ...errors, emails: email } : errors
}

type MemberExtras = { link?: string; errors?: FieldErrors }

async function memberPage(app: App, c: WebContext, extras: MemberExtras) {
  const { membership } = c.var
  const { organizationId } = membership
  const member = await getMember(app.sql, organizationId, c.req.param("member") ?? "")
  const canChange = can(membership, "member:admin")
  return (
    <MemberPage
      shell={shellOf(app, c)}
      organization={membership}
      member={member}
      teams={await teamSlugs(app, organizationId)}
      ownRole={membership.role}
      canChange={canChange}
      canRemove={canChange || member.userId === viewerOf(c).user.id}
      {...extras}
    />
  )
}

async function changeMember(app: App, c: WebContext) {
  const { membership } = c.var
  const id = c.req.param("member") ?? ""
  const member = { organizationId: membership.organizationId, id }
  const form = await readForm(c)
  const action = form.text("action")
  // Leaving is everybody's right; removeMember judges the rest.
  if (action !== "remove") checkScope(membership, "member:admin")
  let link: string | null = null
  const errors = await formErrors(async () => {
    link = await app.sql.begin((tx) => act(app, tx, c, member, form))
  })
  if (errors) return c.html(await memberPage(app, c, { errors }), 422)
  if (link) return c.html(await memberPage(app, c, { link }))
  setFlash(app, c, { tone: "success", text: action === "resend" ? "Sent again." : "Saved." })
  if (action !== "remove") return c.redirect(urls.member(membership.slug, id), 303)
  return c.redirect(membership.memberId === id ? urls.home() : urls.members(membership.slug), 303)
}

/** Returns the new invitation link when that is what was asked for. */
async function act(
  app: App,
  tx: Tx,
  c: WebContext,
  member: { organizationId: string; id: string },
  form: FormData,
): Promise<string | null> {
  const actor = actorIn(c)
  switch (form.text("action")) {
    case "save": {
      const role = form.text("role")
      if (!isRole(role)) throw new AppError("invalid", "Choose a role.", { field: "role" })
      await changeRole(tx, actor, member, role)
      await changeTeams(tx, actor, member, form.list("teams"))
      return null
    }
    case "resend": {
      await mailInvitation(app, tx, c, await renewInvitation(app, tx, actor, member))
      return null
    }
    case "link":
      return linkOf(app, c, await renewInvitation(app, tx, actor, member))
    case "remove":
      await removeMember(tx, actor, member)
      return null
    default:
      return unknownAction()
  }
}

async function mailInvitation(app: App, tx: Tx, c: WebContext, made: Invitation): Promise<void> {
  if (!sendsMail(app)) return
  await queueMail(app, tx, {
    kind: "invite",
    recipient: made.email,
    idempotencyKey: `invite:${Buffer.from(sha256(made.token)).toString("hex")}`,
    subject: `${nameOf(viewerOf(c).user)} invited you to ${c.var.membership.name}`,
    data: { memberId: made.memberId, token: made.token },
  })
}

/** Absolute: it travels to another person. */
function linkOf(app: App, c: WebContext, made: { memberId: string; token: string }): string {
  const path = urls.accept(c.var.membership.slug, made.memberId, made.token)
  return `${publicAddress(app.config).replace(/\/$/, "")}${path}`
}

function sendsMail(app: App): boolean {
  return app.config["mail.backend"] !== "dummy"
}

async function teamSlugs(app: App, organizationId: string): Promise<string[]> {
  return (await listTeams(app.sql, organizationId)).map((team) => team.slug)
}
