import type { Db } from "#platform/db.ts"
import { type ArchiveRule, type IssueRef, STATUS, type Substatus } from "./issue.ts"
import type { ResolutionType } from "./resolving/resolution.ts"
import { parseShortId } from "./short-id.ts"

/** One issue with the names around it: what its page, its API object and its mails are made of. Times are UTC. */
export type IssueDetail = {
  id: string
  projectId: string
  organizationId: string
  shortId: string
  status: number
  substatus: Substatus | null
  type: string
  level: number
  platform: string
  logger: string | null
  title: string
  culprit: string
  metadata: Record<string, unknown>
  priority: number
  isUnhandled: boolean
  timesSeen: string
  usersSeen: number
  firstSeen: Date
  lastSeen: Date
  firstReceivedDay: string
  lastReceivedDay: string
  firstRelease: string | null
  lastRelease: string | null
  activeAt: Date
  assigneeUserId: string | null
  assigneeTeamId: string | null
  assigneeName: string | null
  assigneeEmail: string | null
  resolvedAt: Date | null
  resolvedById: string | null
  resolvedByName: string | null
  resolvedByEmail: string | null
  resolutionType: ResolutionType | null
  /** Of in_next_release and after_release the newest that was known then. */
  resolvedRelease: string | null
  /** The greatest release in which it had been seen then. */
  resolvedSeenRelease: string | null
  /** A version that did not exist yet. */
  resolvedVersion: string | null
  /** The latest commit that resolves it. */
  resolvedCommit: { sha: string; repository: string } | null
  archiveRule: ArchiveRule | null
  archivedAt: Date | null
  archivedById: string | null
  archivedByName: string | null
  archivedByEmail: string | null
  /** Back from the archive, and nobody looked at it yet. */
  returnedAt: Date | null
  /** As resolvedAt when nobody did it: it was silent for as long as its project says. */
  autoResolvedAt: Date | null
  /** Set by hand. */
  priorityLockedAt: Date | null
  commentCount: number
  projectSlug: string
  projectName: string
  projectPlatform: string
  projectSettings: Record<string, unknown>
  changeSeq: string
}

export type FoundIssue = { issue: IssueDetail; wasMerged: boolean }

/**
 * One issue of an organization by its id or short id, following merges (`wasMerged`). null: not there, being deleted, or of
 * another organization.
 */
export async function findIssueDetail(
  db: Db,
  organizationId: string,
  idOrShortId: string,
): Promise<FoundIssue | null> {
  const key = await findIssueKey(db, organizationId, idOrShortId)
  if (!key) return null
  const [issue] = await listIssueDetails(db, organizationId, [
    { projectId: key.projectId, id: key.issueId },
  ])
  return issue ? { issue, wasMerged: key.wasMerged } : null
}

/** Those of these issues that are there and the organization's, in no order. */
export function listIssueDetails(db: Db, organizationId: string, issues: readonly IssueRef[]) {
  return db<IssueDetail[]>`
    select i.id, i.project_id, i.organization_id, i.short_id, i.status, i.substatus, i.type, i.level, i.platform, i.logger, i.title,
      i.culprit, i.metadata, i.priority, i.is_unhandled, i.times_seen, i.users_seen, i.first_seen, i.last_seen,
      i.first_received_day::text as first_received_day, i.last_received_day::text as last_received_day, i.active_at,
      i.assignee_user_id, i.assignee_team_id, coalesce(nullif(u.name, ''), u.email, t.name) as assignee_name, u.email as assignee_email,
      i.resolved_at, rb.id as resolved_by_id, coalesce(nullif(rb.name, ''), rb.email) as resolved_by_name, rb.email as resolved_by_email, i.resolution_type, rr.version as resolved_release, rs.version as resolved_seen_release, i.resolved_version,
      (select jsonb_build_object('sha', c.sha, 'repository', repo.name) from issue_commits ic
        join commits c on c.id = ic.commit_id join repositories repo on repo.id = c.repository_id
        where ic.project_id = i.project_id and ic.issue_id = i.id
        order by ic.created_at desc, ic.commit_id desc limit 1) as resolved_commit,
      i.archive_rule, i.archived_at, i.archived_by as archived_by_id, coalesce(nullif(ab.name, ''), ab.email) as archived_by_name,
      ab.email as archived_by_email, i.returned_at, i.auto_resolved_at, i.priority_locked_at, i.comment_count, fr.version as first_release, lr.version as last_release,
      p.slug as project_slug, p.name as project_name, p.platform as project_platform, p.settings as project_settings, p.change_seq
    from issues i
    join projects p on p.id = i.project_id and p.status = 'active'
    left join users u on u.id = i.assignee_user_id
    left join teams t on t.id = i.assignee_team_id
    left join users rb on rb.id = i.resolved_by
    left join users ab on ab.id = i.archived_by
    left join releases rr on rr.id = i.resolved_release_id
    left join releases rs on rs.id = i.resolved_seen_release_id
    left join releases fr on fr.id = i.first_release_id
    left join releases lr on lr.id = i.last_release_id
    where (i.project_id, i.id) in (select * from unnest(
        ${issues.map(({ projectId }) => projectId)}::bigint[], ${issues.map(({ id }) => id)}::bigint[]))
      and i.organization_id = ${organizationId}
      and i.status not in (${STATUS.deleting}, ${STATUS.merging})`
}

/** How many events the issue has by now; null: not there, or of another organization. `id` as in the page's address. */
export async function findTimesSeen(
  db: Db,
  organizationId: string,
  id: string,
): Promise<string | null> {
  if (!ID.test(id)) return null
  const [row] = await db<{ timesSeen: string }[]>`
    select times_seen from issues where id = ${id} and organization_id = ${organizationId}`
  return row?.timesSeen ?? null
}

type IssueKey = { projectId: string; issueId: string; wasMerged: boolean }

/** bigint's range has 19 digits; longer numbers are no id. */
const ID = /^\d{1,18}$/

async function findIssueKey(
  db: Db,
  organizationId: string,
  text: string,
): Promise<IssueKey | null> {
  if (ID.test(text)) return findKeyById(db, text)
  const short = parseShortId(text)
  return short && findKeyByShortId(db, organizationId, short)
}

async function findKeyById(db: Db, id: string): Promise<IssueKey | null> {
  const [row] = await db<IssueKey[]>`
    select project_id, id as issue_id, false as was_merged from issues where id = ${id}
    union all
    select project_id, issue_id, true from issue_redirects where old_issue_id = ${id}
    order by was_merged desc limit 1`
  return row ?? null
}

async function findKeyByShortId(
  db: Db,
  organizationId: string,
  short: { projectSlug: string; number: string },
): Promise<IssueKey | null> {
  const [row] = await db<IssueKey[]>`
    select i.project_id, i.id as issue_id, false as was_merged
    from projects p join issues i on i.project_id = p.id and i.short_id = ${short.number}
    where p.organization_id = ${organizationId} and p.slug = ${short.projectSlug}
    union all
    select r.project_id, r.issue_id, true
    from projects p join issue_redirects r on r.project_id = p.id and r.old_short_id = ${short.number}
    where p.organization_id = ${organizationId} and p.slug = ${short.projectSlug}
    order by was_merged desc limit 1`
  return row ?? null
}

/** What one person has to do with an issue; `isSubscribed` null: they never said. */
export type ViewerState = { isBookmarked: boolean; isSubscribed: boolean | null }

export async function findViewerState(
  db: Db,
  issue: IssueRef,
  userId: string,
): Promise<ViewerState> {
  const states = await listViewerStates(db, [issue], userId)
  return states.get(issue.id) ?? { isBookmarked: false, isSubscribed: null }
}

/** By issue id; an issue the person has nothing to do with may be absent. */
export async function listViewerStates(
  db: Db,
  issues: readonly IssueRef[],
  userId: string,
): Promise<Map<string, ViewerState>> {
  const rows = await db<(ViewerState & { id: string })[]>`
    select i.id, b.user_id is not null as is_bookmarked, s.is_active as is_subscribed
    from unnest(${issues.map(({ projectId }) => projectId)}::bigint[], ${issues.map(({ id }) => id)}::bigint[]) as i (project_id, id)
    left join issue_bookmarks b on b.project_id = i.project_id and b.issue_id = i.id and b.user_id = ${userId}
    left join issue_subscriptions s on s.project_id = i.project_id and s.issue_id = i.id and s.user_id = ${userId}`
  return new Map(rows.map(({ id, ...state }) => [id, state]))
}

export type Assignable = { kind: "user" | "team"; id: string; name: string; detail: string }

/** Whom issues of an organization can be assigned to: its members, then its teams. */
export function listAssignables(db: Db, organizationId: string) {
  return db<Assignable[]>`
    select 'user' as kind, u.id, coalesce(nullif(u.name, ''), u.email) as name, u.email as detail
    from org_members m join users u on u.id = m.user_id and u.is_active
    where m.organization_id = ${organizationId} and m.role <> 'billing'
    union all
    select 'team', t.id, '#' || t.slug, t.name from teams t where t.organization_id = ${organizationId}
    order by 1 desc, 3 limit 500`
}

/** Whether this user or team belongs to the organization: nobody else can be given its issues. */
export async function isAssignable(
  db: Db,
  organizationId: string,
  to: { userId: string } | { teamId: string },
): Promise<boolean> {
  const rows =
    "userId" in to
      ? await db`
          select 1 from org_members m join users u on u.id = m.user_id and u.is_active
          where m.organization_id = ${organizationId} and m.user_id = ${to.userId} and m.role <> 'billing'`
      : await db`select 1 from teams where organization_id = ${organizationId} and id = ${to.teamId}`
  return rows.length > 0
}
