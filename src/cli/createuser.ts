import { insertAuditEntry } from "#accounts/audit-store.ts"
import { findMemberByEmail, insertMember } from "#accounts/organizations/members-store.ts"
import { isRole, ROLES } from "#accounts/organizations/roles.ts"
import {
  getOrganization,
  listOrganizations,
  type Organization,
} from "#accounts/organizations/store.ts"
import { listTeams, updateMemberTeams } from "#accounts/organizations/teams-store.ts"
import { checkedEmail, createUser } from "#accounts/users/account.ts"
import { issuePasswordReset } from "#accounts/users/password-resets.ts"
import { checkPassword, hashPassword } from "#accounts/users/passwords.ts"
import { replacePassword } from "#accounts/users/replace-password.ts"
import { findUserByEmail, insertUser, updateSuperuser } from "#accounts/users/store.ts"
import type { User } from "#accounts/users/user.ts"
import { type Config, publicAddress } from "#config.ts"
import { systemClock } from "#platform/clock.ts"
import type { Sql, Tx } from "#platform/db.ts"
import { urls } from "#urls.ts"
import { CommandFailed, EXIT } from "./exit.ts"
import { print, say } from "./terminal.ts"

export type NewPerson = {
  email: string
  name: string
  /** null: none. */
  password: string | null
  isSuperuser: boolean
  /** Change a user who exists instead of refusing. */
  forceUpdate: boolean
  /** Slug; undefined: the only organization, if there is exactly one. */
  organization: string | undefined
  role: string | undefined
  printResetLink: boolean
}

/** Creates or updates a person, puts them into an organization, and tells what happened. */
export async function createuser(config: Config, sql: Sql, person: NewPerson): Promise<void> {
  if (person.role !== undefined && !isRole(person.role)) {
    throw new CommandFailed(EXIT.usage, `--role ${person.role}: there are ${ROLES.join(", ")}`)
  }
  await sql.begin(async (tx) => {
    const existing = await findUserByEmail(tx, checkedEmail(person.email))
    if (existing && !person.forceUpdate) {
      throw new CommandFailed(EXIT.nothingToDo, `User exists: ${existing.email}`)
    }
    const user = existing ?? (await newUser(config, tx, person))
    if (existing) await updateUser(config, tx, existing, person)
    say(`User ${existing ? "updated" : "created"}: ${user.email}`)
    await audit(tx, user, existing ? "user.edit" : "user.create")
    await joinOrganization(tx, user, person)
    if (person.printResetLink) await printResetLink(config, tx, user)
  })
}

function newUser(config: Config, tx: Tx, person: NewPerson): Promise<User> {
  const { email, name, password, isSuperuser } = person
  if (password !== null) return createUser({ config }, tx, { email, name, password, isSuperuser })
  return insertUser(tx, { email: checkedEmail(email), name, passwordHash: null, isSuperuser })
}

async function updateUser(config: Config, tx: Tx, user: User, person: NewPerson): Promise<void> {
  if (person.password !== null) {
    checkPassword(config, person.password, [user.email, user.name])
    await replacePassword(tx, user, {
      hash: await hashPassword(config, person.password),
      at: systemClock.now(),
      revokeTokens: false,
      action: "user.password-change",
      ip: null,
    })
  }
  await updateSuperuser(tx, user.id, person.isSuperuser)
}

async function joinOrganization(tx: Tx, user: User, person: NewPerson): Promise<void> {
  const organization = await organizationToJoin(tx, person.organization)
  if (!organization) return
  if (await findMemberByEmail(tx, organization.id, user.email)) return
  const role = person.role ?? (person.isSuperuser ? "owner" : organization.defaultRole)
  const memberId = await insertMember(tx, {
    organizationId: organization.id,
    userId: user.id,
    email: user.email,
    role: isRole(role) ? role : organization.defaultRole,
    invite: null,
    inviterId: null,
  })
  const teams = await listTeams(tx, organization.id)
  const [only] = teams
  if (only && teams.length === 1)
    await updateMemberTeams(tx, organization.id, memberId, [only.slug])
  say(`Added to organization: ${organization.slug}`)
}

async function organizationToJoin(tx: Tx, slug: string | undefined): Promise<Organization | null> {
  if (slug !== undefined) return getOrganization(tx, slug)
  const [only, ...others] = await listOrganizations(tx)
  return only && others.length === 0 ? only : null
}

async function printResetLink(config: Config, tx: Tx, user: User): Promise<void> {
  const token = await issuePasswordReset({ config, clock: systemClock }, tx, user.id)
  print(`${publicAddress(config)}${urls.recoverConfirm(user.id, token)}`)
}

async function audit(tx: Tx, user: User, action: string): Promise<void> {
  await insertAuditEntry(tx, {
    organizationId: null,
    actorUserId: null,
    actorKind: "cli",
    action,
    targetType: "user",
    targetId: user.id,
  })
}
