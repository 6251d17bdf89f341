import type { Db } from "#platform/db.ts"
import { STATUS } from "./issue.ts"

export type ReleaseIssue = {
  id: string
  projectSlug: string
  shortId: string
  title: string
  culprit: string
  status: number
  substatus: string | null
  timesSeen: string
  usersSeen: number
  lastSeen: Date
}

/** Issues that a release brought, or that are resolved in it; those seen last come first. */
export function listReleaseIssues(
  db: Db,
  scope: { projectIds: readonly string[]; releaseId: string },
  which: "new" | "resolved",
  limit: number,
) {
  const isMeant =
    which === "new"
      ? db`i.first_release_id = ${scope.releaseId} and i.status not in (${STATUS.deleting}, ${STATUS.merging})`
      : db`i.resolved_release_id = ${scope.releaseId} and i.status = ${STATUS.resolved} and i.resolution_type = 'in_release'`
  return db<ReleaseIssue[]>`
    select i.id, p.slug as project_slug, i.short_id, i.title, i.culprit, i.status, i.substatus, i.times_seen, i.users_seen, i.last_seen
    from issues i join projects p on p.id = i.project_id and p.status = 'active'
    where i.project_id = any(${[...scope.projectIds]}::bigint[]) and ${isMeant}
    order by i.last_seen desc, i.id desc limit ${limit}`
}
