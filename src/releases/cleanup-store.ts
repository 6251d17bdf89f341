import type { Db } from "#platform/db.ts"

/**
 * Releases made before `before` of which nothing was heard since: no event, no deploy, no file for reading stack traces, no issue
 * that they brought or that is resolved in them. Returns how many went.
 */
export async function deleteIdleReleases(db: Db, before: Date, limit: number): Promise<number> {
  const { count } = await db`
    delete from releases where id in (
      select r.id from releases r
      where r.created_at < ${before}
        and not exists (select from release_projects rp where rp.release_id = r.id and rp.last_event_at >= ${before})
        and not exists (select from deploys d where d.release_id = r.id and d.finished_at >= ${before})
        and not exists (select from artifact_projects a join projects p on p.id = a.project_id
          where p.organization_id = r.organization_id and a.release = r.version)
        and not exists (select from issues i where i.first_release_id = r.id)
        and not exists (select from issues i where i.last_release_id = r.id)
        and not exists (select from issues i where i.resolved_release_id = r.id)
        and not exists (select from issues i where i.resolved_seen_release_id = r.id)
      limit ${limit})`
  return count
}

/** Commits that belong to no release and no issue any more; returns how many went. */
export async function deleteLooseCommits(db: Db, before: Date, limit: number): Promise<number> {
  const { count } = await db`
    delete from commits where id in (
      select c.id from commits c
      where c.recorded_at < ${before}
        and not exists (select from release_commits rc where rc.commit_id = c.id)
        and not exists (select from issue_commits ic where ic.commit_id = c.id)
      limit ${limit})`
  return count
}
