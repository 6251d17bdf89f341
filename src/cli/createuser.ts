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
  const done = await sql.begin((tx) => save(config, tx, person))
  say(`User ${done.isNew ? "created" : "updated"}: ${done.user.email}`)
  if (done.joined) say(`Added to organization: ${done.joined.slug}`)
  if (done.resetLink) print(done.resetLink)
}

async function save(config: Config, tx: Tx, person: NewPerson) {
  const existing = await findUserByEmail(tx, checkedEmail(person.email))
  if (existing && !person.forceUpdate) {
    throw new CommandFailed(EXIT.nothingToDo, `User exists: ${existing.email}`)
  }
  const user = existing ?? (await newUser(config, tx, person))
  if (existing) await updateUser(config, tx, existing, person)
  await audit(tx, user, existing ? "user.edit" : "user.create")
  const joined = await joinOrganization(tx, user, person)
  const resetLink = person.printResetLink ? await makeResetLink(config, tx, user) : null
  return { user, isNew: !existing, joined, resetLink }
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

/** null: nothing to join, or a member already. */
async function joinOrganization(
  tx: Tx,
  user: User,
  person: NewPerson,
): Promise<Organization | null> {
  const organization = await organizationToJoin(tx, person.organization)
  if (!organization) return null
  if (await findMemberByEmail(tx, organization.id, user.email)) return null
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
  return organization
}

async function organizationToJoin(tx: Tx, slug: string | undefined): Promise<Organization | null> {
  if (slug !== undefined) return getOrganization(tx, slug)
  const [only, ...others] = await listOrganizations(tx)
  return only && others.length === 0 ? only : null
}

async function makeResetLink(config: Config, tx: Tx, user: User): Promise<string> {
  const token = await issuePasswordReset({ config, clock: systemClock }, tx, user.id)
  return `${publicAddress(config)}${urls.recoverConfirm(user.id, token)}`
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
