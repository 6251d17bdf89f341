import type { Db } from "#platform/db.ts"

export type ProjectNumbers = {
  id: string
  slug: string
  name: string
  platform: string
  createdAt: Date
  firstEventAt: Date | null
  unresolved: number
  /** First seen in the last day. */
  newIssues: number
  /** Of the last 24 hours. */
  events: number
  /** Of the 24 hours one week earlier, for comparison. */
  eventsWeekAgo: number
  /** Of each of the last 24 hours, oldest first. */
  hours: number[]
  teams: string[]
}

export type ProjectSort = "name" | "events" | "new"

type Page = {
  search: string
  /** name: by slug; the others: the greatest numbers of the last day first. */
  sort?: ProjectSort
  offset?: number
  limit: number
  now: Date
  /** This project alone, by id. */
  only?: string
}

/** Projects of an organization with their numbers; one statement. `search` filters name and slug. */
export async function listProjectNumbers(
  db: Db,
  organizationId: string,
  { search, sort = "name", offset = 0, limit, now, only }: Page,
): Promise<ProjectNumbers[]> {
  return await db<ProjectNumbers[]>`
    with page as (
      select p.*, row_number() over (order by ${rankSql(db, sort, organizationId, now)} p.slug) as place from projects p
      where p.organization_id = ${organizationId} and p.status = 'active'
        and (${search} = '' or position(lower(${search}) in lower(p.name || ' ' || p.slug)) > 0)
        and (${only ?? null}::bigint is null or p.id = ${only ?? null}::bigint)
      order by place
      limit ${limit} offset ${offset}
    ),
    bounds as (
      select date_trunc('hour', ${now}::timestamptz) - interval '23 hours' as day,
        date_trunc('hour', ${now}::timestamptz) - interval '191 hours' as week
    ),
    seen as (
      select h.project_id, h.hour, sum(h.events)::int as events
      from issue_hours h, bounds b
      where h.project_id in (select id from page)
        and (h.hour >= b.day or (h.hour >= b.week and h.hour < b.week + interval '24 hours'))
      group by h.project_id, h.hour
    ),
    open as (
      select i.project_id, count(*)::int as unresolved,
        (count(*) filter (where i.first_seen >= b.day))::int as new_issues
      from issues i, bounds b
      where i.project_id in (select id from page)
        and i.organization_id = ${organizationId} and i.status = 0
      group by i.project_id
    )
    select
      p.id, p.slug, p.name, p.platform, p.created_at, p.first_event_at,
      coalesce(o.unresolved, 0) as unresolved,
      coalesce(o.new_issues, 0) as new_issues,
      coalesce((select sum(events)::int from seen s where s.project_id = p.id and s.hour >= b.day), 0)
        as events,
      coalesce((select sum(events)::int from seen s where s.project_id = p.id and s.hour < b.day), 0)
        as events_week_ago,
      array(
        select coalesce(s.events, 0)
        from generate_series(b.day, b.day + interval '23 hours', interval '1 hour') as slot (hour)
        left join seen s on s.project_id = p.id and s.hour = slot.hour
        order by slot.hour
      ) as hours,
      array(
        select t.slug from project_teams pt join teams t on t.id = pt.team_id
        where pt.project_id = p.id order by t.slug
      ) as teams
    from page p
    cross join bounds b
    left join open o on o.project_id = p.id
    order by p.place`
}

function rankSql(db: Db, sort: ProjectSort, organizationId: string, now: Date) {
  const day = db`date_trunc('hour', ${now}::timestamptz) - interval '23 hours'`
  if (sort === "events") {
    return db`(select coalesce(sum(h.events), 0) from issue_hours h where h.project_id = p.id and h.hour >= ${day}) desc,`
  }
  if (sort === "new") {
    return db`(select count(*) from issues i where i.organization_id = ${organizationId} and i.project_id = p.id
      and i.status = 0 and i.first_seen >= ${day}) desc,`
  }
  return db``
}

export type TopIssue = {
  id: string
  shortId: string
  type: string
  title: string
  timesSeen: string
  lastSeen: Date
}

/** A project's unresolved issues: those seen most, or those that are newest. */
export async function listTopIssues(
  db: Db,
  project: { organizationId: string; id: string },
  by: "events" | "new",
): Promise<TopIssue[]> {
  const order = by === "events" ? db`times_seen desc` : db`first_seen desc`
  return await db<TopIssue[]>`
    select id, short_id, type, title, times_seen, last_seen
    from issues
    where project_id = ${project.id} and organization_id = ${project.organizationId} and status = 0
    order by ${order}
    limit 5`
}

export type FirstEvent = { issueId: string; title: string }

/** The issue of a project's first event, once the line has saved it. */
export async function findFirstIssue(db: Db, projectId: string): Promise<FirstEvent | null> {
  const [row] = await db<FirstEvent[]>`
    select id as issue_id, title from issues where project_id = ${projectId} order by id limit 1`
  return row ?? null
}

/** What the door decided about a project's items since a moment: "3 events rejected: rate_limited". */
export async function listOutcomes(
  db: Db,
  projectId: string,
  since: Date,
): Promise<{ outcome: string; reason: string; quantity: number }[]> {
  return await db<{ outcome: string; reason: string; quantity: number }[]>`
    select outcome, reason, sum(quantity)::float8 as quantity
    from outcome_hours
    where project_id = ${projectId} and hour >= date_trunc('hour', ${since}::timestamptz)
    group by outcome, reason
    order by quantity desc
    limit 10`
}

/** How much would go when a project is deleted, for the page that asks; issues and their events. */
export async function countProjectContents(
  db: Db,
  projectId: string,
): Promise<{ issues: number; events: number }> {
  const [row] = await db<{ issues: number; events: number }[]>`
    select count(*)::int as issues, coalesce(sum(times_seen), 0)::float8 as events
    from issues where project_id = ${projectId}`
  return row ?? { issues: 0, events: 0 }
}
