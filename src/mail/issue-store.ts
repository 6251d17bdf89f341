import type { Db } from "#platform/db.ts"

/** What the mails about one issue tell. Levels and counts are as stored; times are UTC. */
export type MailIssue = {
  id: string
  projectId: string
  shortId: string
  title: string
  culprit: string
  level: number
  timesSeen: string
  usersSeen: number
  firstSeen: Date
  status: number
  projectSlug: string
  projectName: string
  organizationId: string
  organizationSlug: string
  settings: Record<string, unknown>
  firstReceivedDay: string
  lastReceivedDay: string
}

export async function findMailIssue(
  db: Db,
  projectId: string,
  issueId: string,
): Promise<MailIssue | null> {
  const [row] = await db<MailIssue[]>`
    select i.id, i.project_id, i.short_id, i.title, i.culprit, i.level, i.times_seen, i.users_seen, i.first_seen, i.status,
      p.slug as project_slug, p.name as project_name, o.id as organization_id, o.slug as organization_slug, p.settings,
      i.first_received_day::text as first_received_day, i.last_received_day::text as last_received_day
    from issues i
    join projects p on p.id = i.project_id
    join organizations o on o.id = i.organization_id
    where i.project_id = ${projectId} and i.id = ${issueId} and p.status = 'active' and o.status = 'active'`
  return row ?? null
}

export type MailActivity = {
  id: string
  type: string
  data: Record<string, unknown>
  createdAt: Date
  userName: string | null
  userId: string | null
}

export async function findMailActivity(
  db: Db,
  projectId: string,
  activityId: string,
): Promise<MailActivity | null> {
  const [row] = await db<MailActivity[]>`
    select a.id, a.type, a.data, a.created_at, a.user_id, coalesce(nullif(u.name, ''), u.email) as user_name
    from issue_activity a left join users u on u.id = a.user_id
    where a.project_id = ${projectId} and a.id = ${activityId}`
  return row ?? null
}

/** The last act of a kind before another: who resolved what has come back. */
export async function findActivityBefore(
  db: Db,
  before: { projectId: string; issueId: string; activityId: string; types: string[] },
): Promise<MailActivity | null> {
  const [row] = await db<MailActivity[]>`
    select a.id, a.type, a.data, a.created_at, a.user_id, coalesce(nullif(u.name, ''), u.email) as user_name
    from issue_activity a left join users u on u.id = a.user_id
    where a.project_id = ${before.projectId} and a.issue_id = ${before.issueId}
      and a.id < ${before.activityId} and a.type = any(${before.types})
    order by a.id desc limit 1`
  return row ?? null
}

export type Recipient = { userId: string; email: string; name: string }

type IssueRef = { projectId: string; issueId: string }

/**
 * Members of the project's teams who want to hear of it: not muted for the project, not unsubscribed from the issue. A project
 * without a team belongs to every member of its organization.
 */
export function listIssueRecipients(db: Db, issue: IssueRef) {
  return db<Recipient[]>`
    select distinct u.id as user_id, u.email, u.name
    from projects p
    join org_members m on m.organization_id = p.organization_id
    join users u on u.id = m.user_id and u.is_active
    where p.id = ${issue.projectId}
      and m.role <> 'billing'
      and (not exists (select 1 from project_teams t where t.project_id = p.id)
        or exists (select 1 from project_teams t join team_members tm on tm.team_id = t.team_id
          where t.project_id = p.id and tm.member_id = m.id))
      and ${wantsMail(db, issue)}
    order by u.id`
}

/** Everyone who follows the issue (commented, assigned, by hand), its assignee included, and still may see it. */
export function listIssueFollowers(db: Db, issue: IssueRef) {
  return db<Recipient[]>`
    select distinct u.id as user_id, u.email, u.name
    from projects p
    join issues i on i.project_id = p.id and i.id = ${issue.issueId}
    join org_members m on m.organization_id = p.organization_id
    join users u on u.id = m.user_id and u.is_active
    where p.id = ${issue.projectId}
      and (i.assignee_user_id = u.id
        or exists (select 1 from team_members tm where tm.team_id = i.assignee_team_id and tm.member_id = m.id)
        or exists (select 1 from issue_subscriptions s where s.project_id = p.id and s.issue_id = i.id and s.user_id = u.id and s.is_active))
      and ${wantsMail(db, issue)}
    order by u.id`
}

/** The people an issue is assigned to: one user, or a team's members. */
export function listIssueAssignees(db: Db, issue: IssueRef) {
  return db<Recipient[]>`
    select distinct u.id as user_id, u.email, u.name
    from issues i
    join org_members m on m.organization_id = i.organization_id
    join users u on u.id = m.user_id and u.is_active
    where i.project_id = ${issue.projectId} and i.id = ${issue.issueId}
      and (i.assignee_user_id = u.id
        or exists (select 1 from team_members tm where tm.team_id = i.assignee_team_id and tm.member_id = m.id))
      and ${wantsMail(db, issue)}
    order by u.id`
}

function wantsMail(db: Db, issue: IssueRef) {
  return db`
    not exists (select 1 from project_mutes x where x.project_id = ${issue.projectId} and x.user_id = u.id)
    and not exists (select 1 from issue_subscriptions x
      where x.project_id = ${issue.projectId} and x.issue_id = ${issue.issueId} and x.user_id = u.id and not x.is_active)`
}

export async function findUserForMail(
  db: Db,
  userId: string,
): Promise<{ id: string; email: string; name: string } | null> {
  const [row] = await db<{ id: string; email: string; name: string }[]>`
    select id, email, name from users where id = ${userId} and is_active`
  return row ?? null
}

export type MailInvitation = {
  id: string
  email: string
  role: string
  organizationSlug: string
  organizationName: string
  inviterName: string | null
  expiresAt: Date | null
}

/** An invitation that is still open. */
export async function findMailInvitation(db: Db, memberId: string): Promise<MailInvitation | null> {
  const [row] = await db<MailInvitation[]>`
    select m.id, m.email, m.role, o.slug as organization_slug, o.name as organization_name,
      coalesce(nullif(u.name, ''), u.email) as inviter_name, m.invite_expires_at as expires_at
    from org_members m
    join organizations o on o.id = m.organization_id and o.status = 'active'
    left join users u on u.id = m.inviter_id
    where m.id = ${memberId} and m.user_id is null`
  return row ?? null
}
