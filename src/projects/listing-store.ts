import type { Db } from "#platform/db.ts"

/** A project as lists of the API show it. */
export type ProjectListing = {
  id: string
  organizationId: string
  slug: string
  name: string
  platform: string
  createdAt: Date
  firstEventAt: Date | null
  teams: { id: string; slug: string; name: string }[]
  /** Names in use. */
  environments: string[]
  latestRelease: string | null
  /** One of the asking members is in a team of it. */
  isMember: boolean
}

/** Which projects; what is absent does not narrow. */
export type ProjectFilter = {
  /** Part of name or slug, in any case. */
  text?: string | undefined
  slug?: string | undefined
  id?: string | undefined
  /** Public key of a DSN. */
  publicKey?: string | undefined
}

/** A page of the projects of some organizations, by slug. `memberIds` are who asks, as org_members. */
export function listProjectListings(
  db: Db,
  page: {
    organizationIds: readonly string[]
    memberIds: readonly string[]
    filter?: ProjectFilter
    limit: number
    offset: number
  },
) {
  return db<ProjectListing[]>`
    select p.id, p.organization_id, p.slug, p.name, p.platform, p.created_at, p.first_event_at,
      (select coalesce(jsonb_agg(jsonb_build_object('id', t.id::text, 'slug', t.slug, 'name', t.name) order by t.slug), '[]')
        from project_teams pt join teams t on t.id = pt.team_id where pt.project_id = p.id) as teams,
      array(select e.name from environments e
        where e.project_id = p.id and e.name <> '' and not e.is_hidden order by e.name limit 100) as environments,
      (select r.version from release_projects rp join releases r on r.id = rp.release_id
        where rp.project_id = p.id order by r.came_at desc, r.id desc limit 1) as latest_release,
      exists (select from project_teams pt join team_members tm on tm.team_id = pt.team_id
        where pt.project_id = p.id and tm.member_id = any(${[...page.memberIds]}::bigint[])) as is_member
    from projects p
    where p.organization_id = any(${[...page.organizationIds]}::bigint[]) and p.status = 'active'
      ${filterSql(db, page.filter ?? {})}
    order by p.slug, p.id
    limit ${page.limit} offset ${page.offset}`
}

function filterSql(db: Db, { text, slug, id, publicKey }: ProjectFilter) {
  return db`
    ${text ? db`and position(lower(${text}) in lower(p.name || ' ' || p.slug)) > 0` : db``}
    ${slug ? db`and p.slug = ${slug}` : db``}
    ${id ? db`and p.id = ${id}::bigint` : db``}
    ${
      publicKey
        ? db`and exists (select from project_keys k where k.project_id = p.id and k.public_key = ${publicKey})`
        : db``
    }`
}
