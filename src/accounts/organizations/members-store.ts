import type { Db } from "#platform/db.ts"
import { AppError } from "#platform/errors.ts"
import type { Role } from "./roles.ts"

export type Member = {
  id: string
  organizationId: string
  /** null while the invitation is open. */
  userId: string | null
  email: string
  name: string
  role: Role
  teams: string[]
  createdAt: Date
  lastActiveAt: Date | null
  inviteExpiresAt: Date | null
  inviterId: string | null
}

const select = (db: Db) => db`
  select
    m.id, m.organization_id, m.user_id, coalesce(u.email, m.email) as email,
    coalesce(u.name, '') as name, m.role, m.created_at, m.invite_expires_at, m.inviter_id,
    u.last_active_at,
    array(
      select t.slug from team_members tm join teams t on t.id = tm.team_id
      where tm.member_id = m.id order by t.slug
    ) as teams
  from org_members m
  left join users u on u.id = m.user_id`

export function listMembers(db: Db, organizationId: string): Promise<Member[]> {
  return db<Member[]>`
    ${select(db)} where m.organization_id = ${organizationId}
    order by m.user_id is null, lower(coalesce(nullif(u.name, ''), m.email))
    limit 1000`
}

export async function getMember(db: Db, organizationId: string, memberId: string): Promise<Member> {
  const [row] = await db<Member[]>`
    ${select(db)} where m.organization_id = ${organizationId} and m.id = ${memberId}`
  if (!row) throw new AppError("not_found", "There is no such member.")
  return row
}

export async function findMemberByEmail(
  db: Db,
  organizationId: string,
  email: string,
): Promise<Member | null> {
  const [row] = await db<Member[]>`
    ${select(db)}
    where m.organization_id = ${organizationId} and (m.email = ${email} or u.email = ${email})`
  return row ?? null
}

export type NewMember = {
  organizationId: string
  userId: string | null
  email: string
  role: Role
  invite: { tokenHash: Uint8Array; expiresAt: Date } | null
  inviterId: string | null
}

export async function insertMember(db: Db, member: NewMember): Promise<string> {
  const [row] = await db<{ id: string }[]>`
    insert into org_members (
      organization_id, user_id, email, role, invite_token_hash, invite_expires_at, inviter_id
    )
    values (
      ${member.organizationId}, ${member.userId}, ${member.email}, ${member.role},
      ${member.invite?.tokenHash ?? null}, ${member.invite?.expiresAt ?? null}, ${member.inviterId}
    )
    on conflict do nothing
    returning id`
  if (!row) throw new AppError("conflict", `${member.email} is already a member.`)
  return row.id
}

export async function updateMemberRole(db: Db, memberId: string, role: Role): Promise<void> {
  await db`update org_members set role = ${role} where id = ${memberId}`
}

export async function updateInvite(
  db: Db,
  memberId: string,
  invite: { tokenHash: Uint8Array; expiresAt: Date },
  inviterId: string | null,
): Promise<void> {
  await db`
    update org_members
    set invite_token_hash = ${invite.tokenHash}, invite_expires_at = ${invite.expiresAt},
      inviter_id = ${inviterId}
    where id = ${memberId} and user_id is null`
}

export type OpenInvite = {
  memberId: string
  email: string
  role: Role
  organization: { id: string; slug: string; name: string }
  inviterName: string | null
}

/** The invitation this link stands for, unless it was used, withdrawn or is too old. */
export async function findInvite(
  db: Db,
  invite: { slug: string; memberId: string; tokenHash: Uint8Array },
  now: Date,
): Promise<OpenInvite | null> {
  const [row] = await db<
    (Omit<OpenInvite, "organization"> & { organizationId: string; slug: string; name: string })[]
  >`
    select
      m.id as member_id, m.email, m.role, o.id as organization_id, o.slug, o.name,
      coalesce(nullif(u.name, ''), u.email) as inviter_name
    from org_members m
    join organizations o on o.id = m.organization_id and o.status = 'active'
    left join users u on u.id = m.inviter_id
    where m.id = ${invite.memberId}
      and o.slug = ${invite.slug}
      and m.user_id is null
      and m.invite_token_hash = ${invite.tokenHash}
      and m.invite_expires_at > ${now}`
  if (!row) return null
  const { organizationId, slug, name, ...rest } = row
  return { ...rest, organization: { id: organizationId, slug, name } }
}

/** false: somebody else used the invitation first, or the person is a member already. */
export async function updateInviteAccepted(
  db: Db,
  memberId: string,
  tokenHash: Uint8Array,
  userId: string,
): Promise<boolean> {
  const { count } = await db`
    update org_members m
    set user_id = ${userId}, invite_token_hash = null, invite_expires_at = null
    where id = ${memberId}
      and user_id is null
      and invite_token_hash = ${tokenHash}
      and not exists (
        select 1 from org_members other
        where other.organization_id = m.organization_id and other.user_id = ${userId}
      )`
  return count === 1
}

/** Withdraws what somebody has invited to roles other than these and nobody has accepted; returns the addresses. */
export async function deleteInvitesOf(
  db: Db,
  inviter: { organizationId: string; userId: string },
  keptRoles: readonly Role[],
): Promise<string[]> {
  const rows = await db<{ email: string }[]>`
    delete from org_members
    where organization_id = ${inviter.organizationId} and inviter_id = ${inviter.userId}
      and user_id is null and role <> all(${[...keptRoles]}::text[])
    returning email`
  return rows.map(({ email }) => email)
}

export async function deleteMember(db: Db, memberId: string): Promise<void> {
  await db`delete from org_members where id = ${memberId}`
}

/** Locks them: of two owners who leave at once, one stays. */
export async function countOwners(db: Db, organizationId: string): Promise<number> {
  const rows = await db`
    select id from org_members
    where organization_id = ${organizationId} and role = 'owner' and user_id is not null
    order by id
    for update`
  return rows.length
}

/** Names of organizations that have no owner but this user. Locks all owners of them: of two who leave at once, one stays. */
export async function listSoleOwnerships(db: Db, userId: string): Promise<string[]> {
  await db`
    select id from org_members
    where role = 'owner' and user_id is not null and organization_id in (
      select organization_id from org_members where user_id = ${userId} and role = 'owner'
    )
    order by id
    for update`
  const rows = await db<{ name: string }[]>`
    select o.name
    from org_members m
    join organizations o on o.id = m.organization_id and o.status = 'active'
    where m.user_id = ${userId}
      and m.role = 'owner'
      and not exists (
        select 1 from org_members other
        where other.organization_id = m.organization_id
          and other.role = 'owner'
          and other.user_id <> ${userId}
      )
    order by o.name`
  return rows.map((row) => row.name)
}
