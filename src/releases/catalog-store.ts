import type { Db, Tx } from "#platform/db.ts"
import { versionOrder } from "./version.ts"

/** A release as lists and the API show it. */
export type Release = {
  id: string
  version: string
  createdAt: Date
  releasedAt: Date | null
  ref: string | null
  url: string | null
  firstEventAt: Date | null
  lastEventAt: Date | null
  newIssues: number
  projects: { id: string; slug: string; name: string; platform: string; newIssues: number }[]
}

export type ReleaseChanges = {
  releasedAt?: Date | null
  ref?: string | null
  url?: string | null
}

/** Of deleted projects nothing is told. */
const columns = (db: Db) => db`
  r.id, r.version, r.created_at, r.released_at, r.ref, r.url,
  (select min(first_event_at) from release_projects rp where rp.release_id = r.id) as first_event_at,
  (select max(last_event_at) from release_projects rp where rp.release_id = r.id) as last_event_at,
  (select coalesce(sum(new_issues), 0)::int from release_projects rp where rp.release_id = r.id) as new_issues,
  (select coalesce(jsonb_agg(jsonb_build_object('id', p.id::text, 'slug', p.slug, 'name', p.name,
      'platform', p.platform, 'newIssues', rp.new_issues) order by p.slug), '[]')
    from release_projects rp join projects p on p.id = rp.project_id
    where rp.release_id = r.id and p.status = 'active') as projects`

const isOf = (db: Db, projectId: string | null) =>
  projectId === null
    ? db``
    : db`and exists (select from release_projects rp where rp.release_id = r.id and rp.project_id = ${projectId})`

export async function findRelease(
  db: Db,
  organizationId: string,
  version: string,
  projectId: string | null = null,
): Promise<Release | null> {
  const [row] = await db<Release[]>`
    select ${columns(db)} from releases r
    where r.organization_id = ${organizationId} and r.version = ${version} ${isOf(db, projectId)}`
  return row ?? null
}

/** Newest first; of one project, or with null of all. */
export function listReleases(
  db: Db,
  scope: { organizationId: string; projectId: string | null; text: string },
  page: { limit: number; offset: number },
) {
  return db<Release[]>`
    select ${columns(db)} from releases r
    where r.organization_id = ${scope.organizationId} ${isOf(db, scope.projectId)}
      ${scope.text === "" ? db`` : db`and position(lower(${scope.text}) in lower(r.version)) > 0`}
    order by r.came_at desc, r.id desc
    limit ${page.limit} offset ${page.offset}`
}

/** true: there was none of this name. */
export async function insertRelease(
  tx: Tx,
  release: { organizationId: string; version: string } & ReleaseChanges,
): Promise<boolean> {
  const row = { ...release, versionOrder: versionOrder(release.version) }
  const result = await tx`insert into releases ${tx(row)} on conflict do nothing`
  return result.count > 0
}

export async function updateRelease(
  db: Db,
  key: { organizationId: string; version: string },
  changes: ReleaseChanges,
): Promise<void> {
  if (Object.keys(changes).length === 0) return
  await db`
    update releases set ${db(changes)}
    where organization_id = ${key.organizationId} and version = ${key.version}`
}

/** How many of these projects did not have the release before. */
export async function recordReleaseProjects(
  tx: Tx,
  key: { organizationId: string; version: string },
  projectIds: readonly string[],
): Promise<number> {
  const result = await tx`
    insert into release_projects (project_id, release_id)
    select p.id, r.id from releases r cross join unnest(${[...projectIds]}::bigint[]) as p (id)
    where r.organization_id = ${key.organizationId} and r.version = ${key.version}
    order by 1, 2
    on conflict do nothing`
  return result.count
}
