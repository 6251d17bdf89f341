import type { Db } from "#platform/db.ts"
import type { IssueRef } from "./issue.ts"
import { parseShortId } from "./short-id.ts"

export type IssuePlace = IssueRef & { organizationId: string }

/** bigint's range has 19 digits; longer numbers are no id. */
const ID = /^\d{1,18}$/

/** Where an issue stands, whosever it is, following merges. */
export async function findIssuePlaceById(db: Db, id: string): Promise<IssuePlace | null> {
  const [row] = await db<IssuePlace[]>`
    select i.organization_id, i.project_id, i.id from issues i
    where i.id = coalesce(
      (select r.issue_id from issue_redirects r where r.old_issue_id = ${id} limit 1), ${id}::bigint)`
  return row ?? null
}

/**
 * Where an issue stands, by its id or short id and following merges, for addresses that do not say of which organization it
 * is. null: in none of these.
 */
export async function findIssuePlace(
  db: Db,
  organizationIds: readonly string[],
  idOrShortId: string,
): Promise<IssuePlace | null> {
  if (ID.test(idOrShortId)) {
    const place = await findIssuePlaceById(db, idOrShortId)
    return place && organizationIds.includes(place.organizationId) ? place : null
  }
  const short = parseShortId(idOrShortId)
  if (!short) return null
  const [row] = await db<IssuePlace[]>`
    select i.organization_id, i.project_id, i.id
    from projects p
    left join issue_redirects r on r.project_id = p.id and r.old_short_id = ${short.number}
    join issues i on i.project_id = p.id
      and (i.id = r.issue_id or (r.issue_id is null and i.short_id = ${short.number}))
    where p.organization_id = any(${[...organizationIds]}::bigint[]) and p.slug = ${short.projectSlug}
    order by p.id limit 1`
  return row ?? null
}

/** Issues of an organization by their ids and short ids as given, following merges. */
export async function listIssuePlaces(
  db: Db,
  organizationId: string,
  names: readonly string[],
): Promise<Map<string, IssueRef>> {
  const wanted = [...new Set(names)].map((name) => ({ name, short: parseShortId(name) }))
  const named = (read: (each: (typeof wanted)[number]) => string | null) => wanted.map(read)
  const rows = await db<(IssueRef & { name: string })[]>`
    with wanted as (
      select * from unnest(
        ${named(({ name }) => name)}::text[], ${named(({ name }) => (ID.test(name) ? name : null))}::bigint[],
        ${named(({ short }) => short?.projectSlug ?? null)}::text[], ${named(({ short }) => short?.number ?? null)}::bigint[]
      ) as wanted (name, id, slug, number)),
    here as (
      select wanted.name, coalesce(r.issue_id, wanted.id) as id
      from wanted left join issue_redirects r on r.old_issue_id = wanted.id
      where wanted.id is not null
      union all
      select wanted.name, coalesce(r.issue_id, i.id)
      from wanted
      join projects p on p.organization_id = ${organizationId} and p.slug = wanted.slug
      left join issue_redirects r on r.project_id = p.id and r.old_short_id = wanted.number
      left join issues i on i.project_id = p.id and i.short_id = wanted.number
      where wanted.id is null)
    select here.name, i.project_id, i.id
    from here join issues i on i.id = here.id and i.organization_id = ${organizationId}`
  return new Map(rows.map(({ name, ...issue }) => [name, issue]))
}

/** The issue of a project that was seen last, whatever its state; null: the project has none. */
export async function findLatestIssue(
  db: Db,
  place: { organizationId: string; projectId: string },
): Promise<(IssueRef & { day: string }) | null> {
  const [row] = await db<(IssueRef & { day: string })[]>`
    select i.project_id, i.id, i.last_received_day::text as day from issues i
    where i.organization_id = ${place.organizationId} and i.project_id = ${place.projectId}
    order by i.last_seen desc, i.id desc limit 1`
  return row ?? null
}
