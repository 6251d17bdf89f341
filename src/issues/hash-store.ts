import type { Db } from "#platform/db.ts"

/** The hash of an issue by the id that its events carry; null: it leads elsewhere by now. */
export async function findHashText(
  db: Db,
  issue: { projectId: string; issueId: string },
  hashId: string,
): Promise<string | null> {
  const [row] = await db<{ hash: string }[]>`
    select hash from issue_hashes
    where project_id = ${issue.projectId} and issue_id = ${issue.issueId} and id = ${hashId}`
  return row?.hash ?? null
}
