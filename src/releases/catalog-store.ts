import type { Db, Tx } from "#platform/db.ts"
import type { VersionTerm } from "./search.ts"
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

const columns = (db: Db) => db`
  r.id, r.version, r.status, r.created_at, r.released_at, r.ref, r.url, r.commit_count, r.deploy_count,
  seen.first_event_at, seen.last_event_at, seen.new_issues, seen.projects,
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

/** The projects of release r. Of deleted projects nothing is told, and issues that are being deleted or merged are none. */
const seenIn = (db: Db) => db`(
  select min(its.first_event_at) as first_event_at, max(its.last_event_at) as last_event_at,
    coalesce(sum(its.new_issues), 0)::int as new_issues,
    coalesce(jsonb_agg(jsonb_build_object('id', its.id::text, 'slug', its.slug, 'name', its.name,
      'platform', its.platform, 'newIssues', its.new_issues) order by its.slug), '[]') as projects
  from (
    select p.id, p.slug, p.name, p.platform, rp.first_event_at, rp.last_event_at, (
      select count(*)::int from issues i
      where i.first_release_id = r.id and i.project_id = p.id and i.status <= 2) as new_issues
    from release_projects rp join projects p on p.id = rp.project_id and p.status = 'active'
    where rp.release_id = r.id) its) seen`

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
  // A name that PostgreSQL would refuse is nobody's.
  if (version.includes("\0")) return null
  const [row] = await db<Release[]>`
    select ${columns(db)} from releases r cross join lateral ${seenIn(db)}
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
  /** What of its name is asked for. */
  terms: readonly VersionTerm[]
  /** null: whatever. */
  status: "open" | "archived" | null
  sort: ReleaseSort
}

/** Where a page begins: behind this release or, backwards, before it. */
export type ReleasePosition = {
  direction: "next" | "previous"
  id: string
  versionOrder: string | null
  /** To the microsecond, which a Date cannot hold. */
  cameAt: string
}

type ListPage = { limit: number; offset?: number; position?: ReleasePosition | null }

/**
 * Newest first, or the greatest versions first and then what has none; backwards from a position the other way round. Which ones
 * is decided before anything is counted for them.
 */
export function listReleases(db: Db, scope: ReleaseScope, page: ListPage) {
  const isBackwards = page.position?.direction === "previous"
  const way = isBackwards ? db`asc` : db`desc`
  const order =
    scope.sort === "semver"
      ? db`coalesce(r.version_order, '') ${way}, r.came_at ${way}, r.id ${way}`
      : db`r.came_at ${way}, r.id ${way}`
  return db<Release[]>`
    with page as materialized (
      select r.id from releases r
      where r.organization_id = ${scope.organizationId} ${isOfAny(db, scope.projectIds)}
        ${scope.terms.reduce((all, term) => db`${all} and ${isCalled(db, term)}`, db``)}
        ${scope.status === null ? db`` : db`and r.status = ${scope.status}`}
        ${isIn(db, scope)} ${isBehind(db, scope.sort, page.position ?? null)}
      order by ${order}
      limit ${page.limit} offset ${page.offset ?? 0})
    select ${columns(db)} from page join releases r on r.id = page.id cross join lateral ${seenIn(db)}
    order by ${order}`
}

function isBehind(db: Db, sort: ReleaseSort, position: ReleasePosition | null) {
  if (!position) return db``
  const { direction, versionOrder, cameAt, id } = position
  const sign = direction === "previous" ? db`>` : db`<`
  return sort === "semver"
    ? db`and (coalesce(r.version_order, ''), r.came_at, r.id) ${sign}
        (${versionOrder ?? ""}::text, ${cameAt}::text::timestamptz, ${id}::bigint)`
    : db`and (r.came_at, r.id) ${sign} (${cameAt}::text::timestamptz, ${id}::bigint)`
}

function isCalled(db: Db, term: VersionTerm) {
  switch (term.kind) {
    case "part":
      return db`position(lower(${term.text}) in lower(r.version)) > 0`
    case "like":
      return db`r.version like ${term.pattern}`
    case "between":
      return db`r.version_order >= ${term.from} and r.version_order < ${term.before}`
  }
}

export async function findReleasePosition(
  db: Db,
  organizationId: string,
  { id, direction }: Pick<ReleasePosition, "id" | "direction">,
): Promise<ReleasePosition | null> {
  const [row] = await db<Omit<ReleasePosition, "direction">[]>`
    select id, version_order, came_at::text as came_at from releases
    where organization_id = ${organizationId} and id = ${id}`
  return row ? { ...row, direction } : null
}

/** Which releases had an event there that is still counted, or were deployed there: found once, not asked of each. */
function isIn(db: Db, { organizationId, environments, projectIds }: ReleaseScope) {
  if (environments.length === 0) return db``
  const names = db`any(${[...environments]}::text[])`
  const ofProjects = projectIds === null ? db`` : db`and p.id = any(${[...projectIds]}::bigint[])`
  return db`and r.id in (
    select h.release_id from projects p
    join environments e on e.project_id = p.id and e.name = ${names}
    join release_hours h on h.project_id = p.id and h.environment_id = e.id
    where p.organization_id = ${organizationId} and p.status = 'active' ${ofProjects}
    union all
    select d.release_id from deploys d join releases own on own.id = d.release_id
    where own.organization_id = ${organizationId} and d.environment = ${names})`
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
