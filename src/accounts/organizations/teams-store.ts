import type { Db } from "#platform/db.ts"
import { AppError } from "#platform/errors.ts"

export type Team = {
  id: string
  slug: string
  name: string
  memberCount: number
  /** Slugs. */
  projects: string[]
  createdAt: Date
}

const select = (db: Db) => db`
  select
    t.id, t.slug, t.name, t.created_at,
    (select count(*)::int from team_members tm where tm.team_id = t.id) as member_count,
    array(
      select p.slug from project_teams pt join projects p on p.id = pt.project_id
      where pt.team_id = t.id and p.status = 'active' order by p.slug
    ) as projects
  from teams t`

export function listTeams(db: Db, organizationId: string): Promise<Team[]> {
  return db<
    Team[]
  >`${select(db)} where t.organization_id = ${organizationId} order by t.slug limit 1000`
}

export async function getTeam(db: Db, organizationId: string, slug: string): Promise<Team> {
  const [row] = await db<Team[]>`
    ${select(db)} where t.organization_id = ${organizationId} and t.slug = ${slug}`
  if (!row) throw new AppError("not_found", `There is no team "${slug}".`)
  return row
}

export async function insertTeam(
  db: Db,
  team: { organizationId: string; slug: string; name: string },
): Promise<string> {
  const [row] = await db<{ id: string }[]>`
    insert into teams (organization_id, slug, name)
    values (${team.organizationId}, ${team.slug}, ${team.name})
    on conflict (organization_id, slug) do nothing
    returning id`
  if (!row)
    throw new AppError("conflict", "There is already a team with this slug.", { field: "slug" })
  return row.id
}

export async function updateTeam(
  db: Db,
  team: { organizationId: string; id: string; slug: string; name: string },
): Promise<void> {
  const { count } = await db`
    update teams set slug = ${team.slug}, name = ${team.name}
    where id = ${team.id} and organization_id = ${team.organizationId}
      and not exists (
        select 1 from teams other
        where other.organization_id = ${team.organizationId}
          and other.slug = ${team.slug} and other.id <> ${team.id}
      )`
  if (count === 0) {
    throw new AppError("conflict", "There is already a team with this slug.", { field: "slug" })
  }
}

export async function deleteTeam(db: Db, organizationId: string, teamId: string): Promise<void> {
  await db`delete from teams where id = ${teamId} and organization_id = ${organizationId}`
}

/** The member is then in exactly these teams of the organization; slugs that are none of its teams count for nothing. */
export async function updateMemberTeams(
  db: Db,
  organizationId: string,
  memberId: string,
  slugs: string[],
): Promise<void> {
  await db`
    delete from team_members tm
    using teams t
    where t.id = tm.team_id and tm.member_id = ${memberId} and t.slug <> all(${slugs})`
  await db`
    insert into team_members (team_id, member_id)
    select t.id, ${memberId}
    from teams t
    where t.organization_id = ${organizationId} and t.slug = any(${slugs})
    on conflict do nothing`
}

/** For the page of one team: who is in it. */
export async function listTeamMemberIds(db: Db, teamId: string): Promise<string[]> {
  const rows = await db<{ memberId: string }[]>`
    select member_id from team_members where team_id = ${teamId}`
  return rows.map((row) => row.memberId)
}

/** The team then has exactly these members of the organization. */
export async function updateTeamMembers(
  db: Db,
  organizationId: string,
  teamId: string,
  memberIds: string[],
): Promise<void> {
  await db`
    delete from team_members where team_id = ${teamId} and member_id <> all(${memberIds}::bigint[])`
  await db`
    insert into team_members (team_id, member_id)
    select ${teamId}, m.id
    from org_members m
    where m.organization_id = ${organizationId} and m.id = any(${memberIds}::bigint[])
    on conflict do nothing`
}
