import type { Db } from "#platform/db.ts"
import { type Commit, commitColumns, withDate } from "./history-store.ts"
import type { TouchedFile } from "./suspects.ts"

/** The release that brought an issue and so many before it are looked at. */
const MAX_RELEASES = 6
const MAX_FILES = 5_000

/** Files of these names that were changed in an issue's first release or shortly before, commits newest first. */
export function listTouchedFiles(
  db: Db,
  issue: { projectId: string; issueId: string },
  names: readonly string[],
) {
  return db<TouchedFile[]>`
    with first as (
      select r.organization_id, r.id, r.came_at from issues i join releases r on r.id = i.first_release_id
      where i.project_id = ${issue.projectId} and i.id = ${issue.issueId}),
    looked_at as (
      select r.id from first
      join releases r on r.organization_id = first.organization_id and (r.came_at, r.id) <= (first.came_at, first.id)
      where exists (select from release_projects rp where rp.release_id = r.id and rp.project_id = ${issue.projectId})
      order by r.came_at desc, r.id desc limit ${MAX_RELEASES})
    select c.id as commit_id, f.path
    from (select distinct commit_id from release_commits where release_id in (select id from looked_at)) released
    join commits c on c.id = released.commit_id
    join commit_files f on f.commit_id = c.id
      and lower(regexp_replace(f.path, '^.*[/\\\\]', '')) = any(${[...names]}::text[])
    order by c.committed_at desc, c.id desc
    limit ${MAX_FILES}`
}

/** By id. */
export async function listCommits(db: Db, ids: readonly string[]): Promise<Map<string, Commit>> {
  const rows = await db<Commit[]>`
    select ${commitColumns(db)}
    from commits c
    join repositories repo on repo.id = c.repository_id
    left join commit_authors a on a.id = c.author_id
    where c.id = any(${[...ids]}::bigint[])`
  return new Map(rows.map((row) => [row.id, withDate(row)]))
}
