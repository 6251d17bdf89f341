import { randomBytes } from "node:crypto"
import type { App } from "#app.ts"
import type { Tx } from "#platform/db.ts"
import { AppError } from "#platform/errors.ts"
import { sha256 } from "#platform/ids.ts"
import { checkedEmail, createUser } from "../users/account.ts"
import { findUserByEmail } from "../users/store.ts"
import type { User } from "../users/user.ts"
import { type Actor, audit } from "./actor.ts"
import { checkRank } from "./members.ts"
import {
  findInvite,
  findMemberByEmail,
  getMember,
  insertMember,
  type OpenInvite,
  updateInvite,
  updateInviteAccepted,
} from "./members-store.ts"
import type { Role } from "./roles.ts"
import { updateMemberTeams } from "./teams-store.ts"

type Deps = Pick<App, "config" | "clock">

/** What the link in the mail is made of; the token is known to nobody else. */
export type Invitation = { memberId: string; email: string; token: string }

/** Invites an address, once; inviting it again while the invitation is open makes a new link. */
export async function invite(
  app: Deps,
  tx: Tx,
  actor: Actor,
  guest: { organizationId: string; email: string; role: Role; teams: string[] },
): Promise<Invitation> {
  checkRank(actor, guest.role)
  const email = checkedEmail(guest.email)
  const known = await findMemberByEmail(tx, guest.organizationId, email)
  if (known?.userId) throw new AppError("conflict", `${email} is already a member.`)
  if (known) return renewInvitation(app, tx, actor, known)
  const { token, stored } = freshInvite(app)
  const memberId = await insertMember(tx, {
    organizationId: guest.organizationId,
    userId: null,
    email,
    role: guest.role,
    invite: stored,
    inviterId: actor.userId,
  })
  await updateMemberTeams(tx, guest.organizationId, memberId, guest.teams)
  await audit(tx, guest.organizationId, actor, {
    action: "member.invite",
    targetType: "member",
    targetId: memberId,
    data: { email, role: guest.role },
  })
  return { memberId, email, token }
}

/** A new link for an open invitation, which is then the actor's; the old one no longer works. */
export async function renewInvitation(
  app: Deps,
  tx: Tx,
  actor: Actor,
  member: { organizationId: string; id: string },
): Promise<Invitation> {
  const { id, email, role, userId } = await getMember(tx, member.organizationId, member.id)
  if (userId) throw new AppError("conflict", `${email} has accepted already.`)
  checkRank(actor, role)
  const { token, stored } = freshInvite(app)
  await updateInvite(tx, id, stored, actor.userId)
  return { memberId: id, email, token }
}

export type InviteLink = { slug: string; memberId: string; token: string }

/** Throws `not_found` for links that were used, withdrawn or are too old. */
export async function getInvite(app: Pick<App, "sql" | "clock">, link: InviteLink) {
  const found = await findInvite(
    app.sql,
    { slug: link.slug, memberId: link.memberId, tokenHash: sha256(link.token) },
    app.clock.now(),
  )
  if (!found) throw usedUp()
  const user = await findUserByEmail(app.sql, found.email)
  return { ...found, hasAccount: user !== null }
}

/** Joins with an existing account, which must be the one that was invited. */
export async function acceptInvitation(
  tx: Tx,
  found: OpenInvite,
  token: string,
  user: User,
  ip: string,
): Promise<void> {
  if (user.email !== found.email) {
    throw new AppError("forbidden", `This invitation is for ${found.email}; you are ${user.email}.`)
  }
  if (!(await updateInviteAccepted(tx, found.memberId, sha256(token), user.id))) throw usedUp()
  await audit(
    tx,
    found.organization.id,
    { userId: user.id, role: found.role, ip },
    {
      action: "member.accept-invite",
      targetType: "member",
      targetId: found.memberId,
      data: { email: user.email },
    },
  )
}

/** Joins with an account made on the spot; its address needs no proof, since the link came to it. */
export async function acceptAsNewUser(
  app: Deps,
  tx: Tx,
  found: OpenInvite,
  token: string,
  person: { name: string; password: string; ip: string },
): Promise<User> {
  const user = await createUser(app, tx, {
    email: found.email,
    name: person.name,
    password: person.password,
    isSuperuser: false,
  })
  await acceptInvitation(tx, found, token, user, person.ip)
  return user
}

function freshInvite(app: Deps) {
  const token = randomBytes(32).toString("base64url")
  const lifeMs = app.config["auth.invite-ttl-hours"] * 3_600_000
  const expiresAt = new Date(app.clock.now().getTime() + lifeMs)
  return { token, stored: { tokenHash: sha256(token), expiresAt } }
}

function usedUp(): AppError {
  return new AppError(
    "not_found",
    "This invitation was used, withdrawn or is too old. Ask for a new one.",
  )
}
