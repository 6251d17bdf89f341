import type { Db } from "#platform/db.ts"
import { AppError } from "#platform/errors.ts"
import type { Membership } from "./membership.ts"
import type { Role } from "./roles.ts"
import { type OrganizationSettings, organizationSettingsOf } from "./settings.ts"

export type Organization = {
  id: string
  slug: string
  name: string
  defaultRole: Role
  createdAt: Date
}

const columns = (db: Db) => db`id, slug, name, default_role, created_at`

/** Organizations that are being deleted are as good as gone. */
async function findOrganization(db: Db, slug: string): Promise<Organization | null> {
  const [row] = await db<Organization[]>`
    select ${columns(db)} from organizations where slug = ${slug} and status = 'active'`
  return row ?? null
}

export async function getOrganization(db: Db, slug: string): Promise<Organization> {
  const organization = await findOrganization(db, slug)
  if (!organization) throw new AppError("not_found", `There is no organization "${slug}".`)
  return organization
}

export function listOrganizations(db: Db): Promise<Organization[]> {
  return db<Organization[]>`
    select ${columns(db)} from organizations where status = 'active' order by slug limit 1000`
}

/** In the order of their slugs; those that are gone are absent. */
export function listOrganizationsById(db: Db, ids: readonly string[]): Promise<Organization[]> {
  return db<Organization[]>`
    select ${columns(db)} from organizations
    where id = any(${[...ids]}::bigint[]) and status = 'active'
    order by slug`
}

/** Throws `conflict` when the slug is taken. */
export async function insertOrganization(
  db: Db,
  organization: { slug: string; name: string },
): Promise<Organization> {
  const [row] = await db<Organization[]>`
    insert into organizations (slug, name) values (${organization.slug}, ${organization.name})
    on conflict (slug) do nothing
    returning ${columns(db)}`
  if (!row) throw new AppError("conflict", "There is already an organization with this slug.")
  return row
}

/** Throws `conflict` when the new slug is taken. */
export async function updateOrganization(
  db: Db,
  organizationId: string,
  changes: { slug: string; name: string; defaultRole: Role },
): Promise<void> {
  const { count } = await db`
    update organizations
    set slug = ${changes.slug}, name = ${changes.name}, default_role = ${changes.defaultRole}
    where id = ${organizationId}
      and not exists (
        select 1 from organizations other
        where other.slug = ${changes.slug} and other.id <> ${organizationId}
      )`
  if (count === 0)
    throw new AppError("conflict", "There is already an organization with this slug.")
}

export async function getOrganizationSettings(db: Db, id: string): Promise<OrganizationSettings> {
  const [row] = await db<{ settings: unknown }[]>`
    select settings from organizations where id = ${id} and status = 'active'`
  if (!row) throw new AppError("not_found", "There is no such organization.")
  return organizationSettingsOf(row.settings)
}

/** Settings that are not named stay. */
export async function updateOrganizationSettings(
  db: Db,
  id: string,
  settings: Partial<OrganizationSettings>,
): Promise<void> {
  await db`
    update organizations set settings = settings || ${db.json(settings)} where id = ${id}`
}

/** Gone from every page at once and its slug free again; a task removes the rows. */
export async function updateOrganizationDeleting(db: Db, organizationId: string): Promise<void> {
  await db`
    update organizations
    set status = 'deleting', slug = 'deleting_' || id
    where id = ${organizationId}`
}

/** What a person is where; a superuser is also an owner of the organizations that are not theirs. */
export async function listMemberships(
  db: Db,
  user: { id: string; isSuperuser: boolean },
): Promise<Membership[]> {
  return db<Membership[]>`
    select
      o.id as organization_id, o.slug, o.name, m.id as member_id,
      case when ${user.isSuperuser} then 'owner' else m.role end as role
    from organizations o
    left join org_members m on m.organization_id = o.id and m.user_id = ${user.id}
    where o.status = 'active' and (m.id is not null or ${user.isSuperuser})
    order by m.id is null, o.slug
    limit 200`
}
