import type { Db, Tx } from "#platform/db.ts"

export type ReleaseKey = { organizationId: string; version: string }
export type ReleaseRef = ReleaseKey & { id: string }

/** Finds releases and makes those that are missing; a release exists from its first event on. */
export async function recordReleases(tx: Tx, keys: readonly ReleaseKey[]): Promise<ReleaseRef[]> {
  const organizationIds = keys.map((key) => key.organizationId)
  const versions = keys.map((key) => key.version)
  await tx`
    insert into releases (organization_id, version)
    select organization_id, version
    from unnest(${organizationIds}::bigint[], ${versions}::text[]) as wanted (organization_id, version)
    order by organization_id, version
    on conflict do nothing`
  return await tx<ReleaseRef[]>`
    select r.organization_id, r.version, r.id
    from unnest(${organizationIds}::bigint[], ${versions}::text[]) as wanted (organization_id, version)
    join releases r on r.organization_id = wanted.organization_id and r.version = wanted.version`
}

export type ReleaseSighting = {
  projectId: string
  releaseId: string
  firstEventAt: Date
  lastEventAt: Date
  newIssues: number
}

/** Links releases to the projects that saw them. */
export async function recordReleaseSightings(tx: Tx, rows: ReleaseSighting[]): Promise<void> {
  await tx`
    insert into release_projects as known (project_id, release_id, first_event_at, last_event_at, new_issues)
    select project_id, release_id, first_event_at, last_event_at, new_issues
    from unnest(
      ${rows.map((row) => row.projectId)}::bigint[],
      ${rows.map((row) => row.releaseId)}::bigint[],
      ${rows.map((row) => row.firstEventAt.toISOString())}::timestamptz[],
      ${rows.map((row) => row.lastEventAt.toISOString())}::timestamptz[],
      ${rows.map((row) => row.newIssues)}::int[]
    ) as seen (project_id, release_id, first_event_at, last_event_at, new_issues)
    order by project_id, release_id
    on conflict (project_id, release_id) do update set
      first_event_at = least(known.first_event_at, excluded.first_event_at),
      last_event_at = greatest(known.last_event_at, excluded.last_event_at),
      new_issues = known.new_issues + excluded.new_issues`
}

/** When releases came out: the date they were given, else when they were first heard of. By id. */
export async function listReleaseDates(
  db: Db,
  ids: ReadonlySet<string>,
): Promise<Map<string, Date>> {
  if (ids.size === 0) return new Map()
  const rows = await db<{ id: string; at: Date }[]>`
    select id, coalesce(released_at, created_at) as at from releases where id = any(${[...ids]}::bigint[])`
  return new Map(rows.map((row) => [row.id, row.at]))
}

/** A release that a project has seen: of this version, or without one the latest. */
export async function findProjectRelease(
  db: Db,
  projectId: string,
  version: string | null,
): Promise<{ releaseId: string; version: string } | null> {
  const [row] = await db<{ releaseId: string; version: string }[]>`
    select r.id as release_id, r.version
    from release_projects rp join releases r on r.id = rp.release_id
    where rp.project_id = ${projectId} ${version === null ? db`` : db`and r.version = ${version}`}
    order by coalesce(r.released_at, r.created_at) desc, r.id desc limit 1`
  return row ?? null
}
