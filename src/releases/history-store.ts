import type { Db } from "#platform/db.ts"
import type { FileChange } from "./commit.ts"

type Page = { limit: number; offset: number }

/** A commit as lists show it. */
export type Commit = {
  id: string
  sha: string
  message: string
  committedAt: Date
  repository: Repository
  author: { name: string; email: string } | null
}

export type Repository = { id: string; name: string; url: string | null; createdAt: Date }

export const commitColumns = (db: Db) => db`
  c.id, c.sha, c.message, c.committed_at,
  jsonb_build_object('id', repo.id::text, 'name', repo.name, 'url', repo.url, 'createdAt', repo.created_at) as repository,
  case when a.id is not null then jsonb_build_object('name', a.name, 'email', a.email) end as author`

/** Newest first. */
export async function listReleaseCommits(db: Db, releaseId: string, page: Page): Promise<Commit[]> {
  const rows = await db<Commit[]>`
    select ${commitColumns(db)}
    from release_commits rc
    join commits c on c.id = rc.commit_id
    join repositories repo on repo.id = c.repository_id
    left join commit_authors a on a.id = c.author_id
    where rc.release_id = ${releaseId}
    order by rc.position limit ${page.limit} offset ${page.offset}`
  return rows.map(withDate)
}

/** jsonb has times as text. */
export function withDate(commit: Commit): Commit {
  const { repository } = commit
  return { ...commit, repository: { ...repository, createdAt: new Date(repository.createdAt) } }
}

export function listRepositories(
  db: Db,
  organizationId: string,
  { text, ...page }: Page & { text: string },
) {
  return db<Repository[]>`
    select id, name, url, created_at from repositories
    where organization_id = ${organizationId} and position(lower(${text}) in lower(name)) > 0
    order by name limit ${page.limit} offset ${page.offset}`
}

/** The version of the newest release with commits that came out no later than this one; perhaps this one itself. */
export async function findVersionWithCommits(
  db: Db,
  organizationId: string,
  releaseId: string,
): Promise<string | null> {
  const [row] = await db<{ version: string }[]>`
    select r.version from releases r join releases this on this.id = ${releaseId}
    where r.organization_id = ${organizationId} and r.commit_count > 0 and r.came_at <= this.came_at
    order by r.came_at desc, r.id desc limit 1`
  return row?.version ?? null
}

export type ChangedFile = {
  path: string
  changes: FileChange[]
  commits: number
  authors: string[]
}

/** Files that a release's commits changed, by path, with who did. */
export function listChangedFiles(db: Db, releaseId: string, page: Page) {
  return db<ChangedFile[]>`
    select f.path, array_agg(distinct f.change) as changes, count(*)::int as commits,
      coalesce(array_agg(distinct a.name) filter (where a.id is not null), '{}') as authors
    from release_commits rc
    join commit_files f on f.commit_id = rc.commit_id
    join commits c on c.id = rc.commit_id
    left join commit_authors a on a.id = c.author_id
    where rc.release_id = ${releaseId}
    group by f.path order by f.path limit ${page.limit} offset ${page.offset}`
}

export type Neighbours = { before: string | null; after: string | null }

/**
 * The listed releases right before and after this one, among those that share a project with it (without projects: among all),
 * by version where its projects count in versions, else by when they came out.
 */
export async function findNeighbours(
  db: Db,
  release: { organizationId: string; id: string; projectIds: readonly string[] },
  isByVersion: boolean,
): Promise<Neighbours> {
  const { organizationId, id, projectIds } = release
  const key = (of: "r" | "this") =>
    isByVersion
      ? db`(${db(of)}.version_order, ${db(of)}.id)`
      : db`(${db(of)}.came_at, ${db(of)}.id)`
  const order = isByVersion ? db`r.version_order` : db`r.came_at`
  const candidates = db`
    select r.version from releases r
    where r.organization_id = ${organizationId} and r.status = 'open'
      ${isByVersion ? db`and r.version_order is not null` : db``}
      ${
        projectIds.length === 0
          ? db``
          : db`and exists (select from release_projects rp
              where rp.release_id = r.id and rp.project_id = any(${[...projectIds]}::bigint[]))`
      }`
  const [row] = await db<Neighbours[]>`
    select
      (${candidates} and ${key("r")} < ${key("this")} order by ${order} desc, r.id desc limit 1) as before,
      (${candidates} and ${key("r")} > ${key("this")} order by ${order}, r.id limit 1) as after
    from releases this where this.id = ${id}`
  return row ?? { before: null, after: null }
}
