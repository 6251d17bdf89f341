import type { Db } from "#platform/db.ts"
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
