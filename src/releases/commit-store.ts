import type { Db, Tx } from "#platform/db.ts"
import type { FileChange, GivenCommit } from "./commit.ts"
import type { NamedRelease } from "./order-store.ts"

/** The newest release that has the commit; null: none yet. */
export async function findReleaseOfCommit(db: Db, commitId: string): Promise<NamedRelease | null> {
  const [row] = await db<NamedRelease[]>`
    select r.id as release_id, r.version
    from release_commits rc join releases r on r.id = rc.release_id
    where rc.commit_id = ${commitId}
    order by r.came_at desc, r.id desc limit 1`
  return row ?? null
}

/** Two that tell of a release's commits come one after the other. */
export async function lockRelease(tx: Tx, releaseId: string): Promise<void> {
  await tx`select from releases where id = ${releaseId} for no key update`
}

/** Ids by name; makes what is missing. */
export async function recordRepositories(
  tx: Tx,
  organizationId: string,
  names: readonly string[],
): Promise<Map<string, string>> {
  const wanted = [...new Set(names)].sort()
  await tx`
    insert into repositories (organization_id, name)
    select ${organizationId}, name from unnest(${wanted}::text[]) as wanted (name)
    on conflict do nothing`
  return findRepositories(tx, organizationId, wanted)
}

/** Ids by name, of those that are there. */
export async function findRepositories(
  db: Db,
  organizationId: string,
  names: readonly string[],
): Promise<Map<string, string>> {
  const rows = await db<{ name: string; id: string }[]>`
    select name, id from repositories
    where organization_id = ${organizationId} and name = any(${[...names]}::text[])`
  return new Map(rows.map(({ name, id }) => [name, id]))
}

/** Ids by address. A name that was told later replaces the earlier one. */
export async function recordAuthors(
  tx: Tx,
  organizationId: string,
  authors: readonly { email: string; name: string }[],
): Promise<Map<string, string>> {
  const names = new Map(authors.map(({ email, name }) => [email, name]))
  const rows = await tx<{ email: string; id: string }[]>`
    insert into commit_authors as known (organization_id, email, name)
    select ${organizationId}, email, name
    from unnest(${[...names.keys()]}::text[], ${[...names.values()]}::text[]) as wanted (email, name)
    order by email
    on conflict (organization_id, email) do update set name = excluded.name
    returning email, id`
  return new Map(rows.map(({ email, id }) => [email, id]))
}

export type StoredCommit = {
  id: string
  sha: string
  authorEmail: string | null
  message: string
  /** What it said before; null: it is new. */
  messageBefore: string | null
}

/** In the order given. */
export async function recordCommits(
  tx: Tx,
  organizationId: string,
  commits: readonly GivenCommit[],
  ids: { repositories: ReadonlyMap<string, string>; authors: ReadonlyMap<string, string> },
): Promise<StoredCommit[]> {
  const repositoryIds = commits.map(({ repository }) => ids.repositories.get(repository) ?? "")
  const shas = commits.map(({ sha }) => sha)
  const before = await tx<{ repositoryId: string; sha: string; message: string }[]>`
    select c.repository_id, c.sha, c.message
    from unnest(${repositoryIds}::bigint[], ${shas}::text[]) as told (repository_id, sha)
    join commits c on c.repository_id = told.repository_id and c.sha = told.sha`
  const messages = new Map(before.map((row) => [`${row.repositoryId}/${row.sha}`, row.message]))
  const stored = await tx<{ repositoryId: string; sha: string; id: string }[]>`
    insert into commits as known (organization_id, repository_id, sha, author_id, message, committed_at)
    select ${organizationId}, repository_id, sha, author_id, message, committed_at
    from unnest(
      ${repositoryIds}::bigint[], ${shas}::text[],
      ${commits.map(({ author }) => (author ? (ids.authors.get(author.email) ?? null) : null))}::bigint[],
      ${commits.map(({ message }) => message)}::text[],
      ${commits.map(({ committedAt }) => committedAt.toISOString())}::timestamptz[]
    ) as told (repository_id, sha, author_id, message, committed_at)
    order by repository_id, sha
    on conflict (repository_id, sha) do update set
      author_id = coalesce(excluded.author_id, known.author_id), message = excluded.message,
      committed_at = excluded.committed_at
    returning repository_id, sha, id`
  const idOf = new Map(stored.map((row) => [`${row.repositoryId}/${row.sha}`, row.id]))
  return commits.map(({ sha, author, message }, index) => {
    const key = `${repositoryIds[index]}/${sha}`
    return {
      id: idOf.get(key) ?? "",
      sha,
      authorEmail: author?.email ?? null,
      message,
      messageBefore: messages.get(key) ?? null,
    }
  })
}

export async function recordCommitFiles(
  tx: Tx,
  rows: readonly { commitId: string; path: string; change: FileChange }[],
): Promise<void> {
  if (rows.length === 0) return
  await tx`
    insert into commit_files as known (commit_id, path, change)
    select distinct on (commit_id, path) commit_id, path, change
    from unnest(
      ${rows.map(({ commitId }) => commitId)}::bigint[],
      ${rows.map(({ path }) => path)}::text[],
      ${rows.map(({ change }) => change)}::text[]
    ) as told (commit_id, path, change)
    order by commit_id, path
    on conflict (commit_id, path) do update set change = excluded.change`
}

/** These are the release's commits from now on, newest first; returns the ids of those that it did not have. */
export async function updateReleaseCommits(
  tx: Tx,
  releaseId: string,
  commitIds: readonly string[],
): Promise<string[]> {
  const had = await tx<{ commitId: string }[]>`
    delete from release_commits where release_id = ${releaseId} returning commit_id`
  await tx`
    insert into release_commits (release_id, position, commit_id)
    select ${releaseId}, place - 1, id
    from unnest(${[...commitIds]}::bigint[]) with ordinality as told (id, place)`
  await tx`update releases set commit_count = ${commitIds.length} where id = ${releaseId}`
  const known = new Set(had.map(({ commitId }) => commitId))
  return commitIds.filter((id) => !known.has(id))
}

export async function recordHeads(
  tx: Tx,
  releaseId: string,
  heads: ReadonlyMap<string, string>,
): Promise<void> {
  await tx`
    insert into release_heads (release_id, repository_id, sha)
    select ${releaseId}, repository_id, sha
    from unnest(${[...heads.keys()]}::bigint[], ${[...heads.values()]}::text[]) as told (repository_id, sha)
    order by repository_id
    on conflict (release_id, repository_id) do update set sha = excluded.sha`
}

export async function deleteHeads(tx: Tx, releaseId: string): Promise<void> {
  await tx`delete from release_heads where release_id = ${releaseId}`
}

/** A commit by its name or the beginning of it. null: there is none, or more than one. */
export async function findCommit(
  db: Db,
  scope: { organizationId: string } | { projectId: string },
  sha: string,
  repository: string | null = null,
): Promise<{ id: string; sha: string } | null> {
  const organization =
    "organizationId" in scope
      ? db`${scope.organizationId}`
      : db`(select organization_id from projects where id = ${scope.projectId})`
  const rows = await db<{ id: string; sha: string }[]>`
    select c.id, c.sha from commits c join repositories repo on repo.id = c.repository_id
    where c.organization_id = ${organization} and c.sha like ${`${sha.replace(/[\\%_]/g, "\\$&")}%`}
      ${repository === null ? db`` : db`and repo.name = ${repository}`}
    limit 2`
  const [first] = rows.length === 1 ? rows : rows.filter((row) => row.sha === sha)
  return first ?? null
}
