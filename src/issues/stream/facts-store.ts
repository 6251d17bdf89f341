import type { Db } from "#platform/db.ts"

/** What the stream's pickers, empty states and polling need to know of a project. */
export type StreamProject = {
  id: string
  slug: string
  name: string
  platform: string
  firstEventAt: Date | null
  /** Grows with each batch that stored something. */
  changeSeq: string
}

export function listStreamProjects(db: Db, organizationId: string) {
  return db<StreamProject[]>`
    select id, slug, name, platform, first_event_at, change_seq from projects
    where organization_id = ${organizationId} and status = 'active'
    order by slug`
}

/** Names in use, "" (events without one) included. */
export async function listEnvironmentNames(db: Db, projectIds: readonly string[]) {
  const rows = await db<{ name: string }[]>`
    select distinct name from environments
    where project_id = any(${[...projectIds]}::bigint[]) and not is_hidden
    order by name
    limit 200`
  return rows.map(({ name }) => name)
}

/** The issue that was resolved last, for the line under an empty stream. */
export async function findLastResolved(db: Db, projectIds: readonly string[]) {
  const [row] = await db<
    { id: string; projectSlug: string; shortId: string; resolvedAt: Date; by: string | null }[]
  >`
    select i.id, p.slug as project_slug, i.short_id, i.resolved_at, coalesce(nullif(u.name, ''), u.email) as by
    from issues i
    join projects p on p.id = i.project_id
    left join users u on u.id = i.resolved_by
    where i.project_id = any(${[...projectIds]}::bigint[]) and i.status = 1 and i.resolved_at is not null
    order by i.resolved_at desc
    limit 1`
  return row ?? null
}

/** Where an event of one of these projects is stored; null when it is not (any more). */
export async function findIssueIdOfEvent(
  db: Db,
  projectIds: readonly string[],
  eventId: string,
): Promise<string | null> {
  const [row] = await db<{ issueId: string }[]>`
    select issue_id from events
    where project_id = any(${[...projectIds]}::bigint[]) and event_id = ${eventId}::uuid
    limit 1`
  return row?.issueId ?? null
}

export async function findIssueIdOfShortId(
  db: Db,
  organizationId: string,
  shortId: { projectSlug: string; number: string },
): Promise<string | null> {
  const [row] = await db<{ id: string }[]>`
    select i.id from issues i join projects p on p.id = i.project_id
    where p.organization_id = ${organizationId} and p.slug = ${shortId.projectSlug} and p.status = 'active'
      and i.short_id = ${shortId.number}`
  return row?.id ?? null
}
