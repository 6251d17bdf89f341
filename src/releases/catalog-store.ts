import type { Db, Tx } from "#platform/db.ts"
import { versionOrder } from "./version.ts"

/** A release as lists and the API show it. */
export type Release = {
  id: string
  version: string
  status: "open" | "archived"
  createdAt: Date
  releasedAt: Date | null
  ref: string | null
  url: string | null
  firstEventAt: Date | null
  lastEventAt: Date | null
  newIssues: number
  projects: { id: string; slug: string; name: string; platform: string; newIssues: number }[]
  commitCount: number
  deployCount: number
  lastCommit: {
    sha: string
    message: string
    committedAt: string
    author: { name: string; email: string } | null
  } | null
  lastDeploy: {
    id: string
    environment: string
    name: string | null
    url: string | null
    startedAt: string | null
    finishedAt: string
  } | null
  /** Who made its commits; the first ten by name. */
  authors: { name: string; email: string }[]
}

export type ReleaseChanges = {
  releasedAt?: Date | null
  ref?: string | null
  url?: string | null
  status?: "open" | "archived"
}

/** Of deleted projects nothing is told. */
const columns = (db: Db) => db`
  r.id, r.version, r.status, r.created_at, r.released_at, r.ref, r.url, r.commit_count, r.deploy_count,
  (select min(first_event_at) from release_projects rp where rp.release_id = r.id) as first_event_at,
  (select max(last_event_at) from release_projects rp where rp.release_id = r.id) as last_event_at,
  (select coalesce(sum(new_issues), 0)::int from release_projects rp where rp.release_id = r.id) as new_issues,
  (select coalesce(jsonb_agg(jsonb_build_object('id', p.id::text, 'slug', p.slug, 'name', p.name,
      'platform', p.platform, 'newIssues', rp.new_issues) order by p.slug), '[]')
    from release_projects rp join projects p on p.id = rp.project_id
    where rp.release_id = r.id and p.status = 'active') as projects,
  (select jsonb_build_object('sha', c.sha, 'message', c.message, 'committedAt', c.committed_at, 'author',
      case when a.id is not null then jsonb_build_object('name', a.name, 'email', a.email) end)
    from release_commits rc join commits c on c.id = rc.commit_id left join commit_authors a on a.id = c.author_id
    where rc.release_id = r.id and rc.position = 0) as last_commit,
  (select jsonb_build_object('id', d.id::text, 'environment', d.environment, 'name', d.name, 'url', d.url,
      'startedAt', d.started_at, 'finishedAt', d.finished_at)
    from deploys d where d.release_id = r.id order by d.finished_at desc, d.id desc limit 1) as last_deploy,
  (select coalesce(jsonb_agg(author), '[]') from (
    select distinct jsonb_build_object('name', a.name, 'email', a.email) as author
    from release_commits rc join commits c on c.id = rc.commit_id join commit_authors a on a.id = c.author_id
    where rc.release_id = r.id order by author limit 10) as authors) as authors`

const isOfAny = (db: Db, projectIds: readonly string[] | null) =>
  projectIds === null
    ? db``
    : db`and exists (select from release_projects rp
        where rp.release_id = r.id and rp.project_id = any(${[...projectIds]}::bigint[]))`

export async function findRelease(
  db: Db,
  organizationId: string,
  version: string,
  projectId: string | null = null,
): Promise<Release | null> {
  const [row] = await db<Release[]>`
    select ${columns(db)} from releases r
    where r.organization_id = ${organizationId} and r.version = ${version}
      ${isOfAny(db, projectId === null ? null : [projectId])}`
  return row ?? null
}

type ReleaseSort = "date" | "semver"

export type ReleaseScope = {
  organizationId: string
  /** null: of all, those of no project, too. */
  projectIds: readonly string[] | null
  /** Names; where it had an event that is still counted, or was deployed to. Empty: anywhere. */
  environments: readonly string[]
  /** Part of the version, in any case. */
  text: string
  /** null: whatever. */
  status: "open" | "archived" | null
  sort: ReleaseSort
}

/** Newest first, or the greatest versions first and then what has none. */
export function listReleases(db: Db, scope: ReleaseScope, page: { limit: number; offset: number }) {
  return db<Release[]>`
    select ${columns(db)} from releases r
    where r.organization_id = ${scope.organizationId} ${isOfAny(db, scope.projectIds)}
      ${scope.text === "" ? db`` : db`and position(lower(${scope.text}) in lower(r.version)) > 0`}
      ${scope.status === null ? db`` : db`and r.status = ${scope.status}`}
      ${isIn(db, scope)}
    order by ${scope.sort === "semver" ? db`r.version_order desc nulls last,` : db``} r.came_at desc, r.id desc
    limit ${page.limit} offset ${page.offset}`
}

function isIn(db: Db, { environments, projectIds }: ReleaseScope) {
  if (environments.length === 0) return db``
  const names = db`any(${[...environments]}::text[])`
  const ofProjects =
    projectIds === null ? db`` : db`and h.project_id = any(${[...projectIds]}::bigint[])`
  return db`and (
    exists (select from deploys d where d.release_id = r.id and d.environment = ${names})
    or exists (select from release_projects rp
      join environments e on e.project_id = rp.project_id and e.name = ${names}
      join release_hours h on h.project_id = rp.project_id and h.release_id = r.id and h.environment_id = e.id
      where rp.release_id = r.id ${ofProjects}))`
}

export async function deleteRelease(db: Db, releaseId: string): Promise<void> {
  await db`delete from releases where id = ${releaseId}`
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

/** Returns the links that are new. */
export async function recordReleaseProjects(
  tx: Tx,
  key: { organizationId: string; version: string },
  projectIds: readonly string[],
): Promise<{ projectId: string; releaseId: string }[]> {
  return await tx<{ projectId: string; releaseId: string }[]>`
    insert into release_projects (project_id, release_id)
    select p.id, r.id from releases r cross join unnest(${[...projectIds]}::bigint[]) as p (id)
    where r.organization_id = ${key.organizationId} and r.version = ${key.version}
    order by 1, 2
    on conflict do nothing
    returning project_id, release_id`
}
