import type { Db } from "#platform/db.ts"
import type { IssueRef } from "../issue.ts"

export type CommitLink = IssueRef & { commitId: string }

export async function listCommitLinks(db: Db, commitIds: readonly string[]): Promise<CommitLink[]> {
  return await db<CommitLink[]>`
    select project_id, issue_id as id, commit_id from issue_commits
    where commit_id = any(${[...commitIds]}::bigint[])`
}

export async function deleteCommitLink(db: Db, link: CommitLink): Promise<void> {
  await db`
    delete from issue_commits
    where project_id = ${link.projectId} and issue_id = ${link.id} and commit_id = ${link.commitId}`
}

/** Whether nothing but this commit, whose link is gone, resolves the issue: then it is open again. */
export async function isResolvedByAlone(db: Db, link: CommitLink): Promise<boolean> {
  const [row] = await db<{ isSo: boolean }[]>`
    select not exists (
        select from issue_commits ic where ic.project_id = i.project_id and ic.issue_id = i.id)
      and (i.resolution_type = 'in_commit'
        or (i.resolution_type = 'in_release' and exists (
          select from release_commits rc where rc.release_id = i.resolved_release_id and rc.commit_id = ${link.commitId}))) as is_so
    from issues i where i.project_id = ${link.projectId} and i.id = ${link.id}`
  return row?.isSo ?? false
}

/** Members of the organization by the address under which they commit. */
export async function listCommitters(
  db: Db,
  organizationId: string,
  emails: readonly string[],
): Promise<Map<string, string>> {
  const rows = await db<{ email: string; userId: string }[]>`
    select lower(u.email) as email, u.id as user_id
    from org_members m join users u on u.id = m.user_id and u.is_active
    where m.organization_id = ${organizationId} and lower(u.email) = any(${[...emails]}::text[])`
  return new Map(rows.map(({ email, userId }) => [email, userId]))
}

/** Whether issues say that this release brought them or has their fix: such a one is not deleted. */
export async function isReleaseReferenced(db: Db, releaseId: string): Promise<boolean> {
  const [row] = await db<{ isSo: boolean }[]>`
    select exists (select from issues where first_release_id = ${releaseId})
      or exists (select from issues where last_release_id = ${releaseId})
      or exists (select from issues where resolved_release_id = ${releaseId})
      or exists (select from issues where resolved_seen_release_id = ${releaseId}) as is_so`
  return row?.isSo ?? false
}
