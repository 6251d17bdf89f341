import type { Tx } from "#platform/db.ts"
import { plainArray } from "#platform/plain-array.ts"
import { versionOrder } from "./version.ts"

export type ReleaseKey = { organizationId: string; version: string }
export type ReleaseRef = ReleaseKey & { id: string }

/** Finds releases and makes those that are missing; a release exists from its first event on. */
export async function recordReleases(tx: Tx, keys: readonly ReleaseKey[]): Promise<ReleaseRef[]> {
  const organizationIds = keys.map((key) => key.organizationId)
  const versions = keys.map((key) => key.version)
  await tx`
    insert into releases (organization_id, version, version_order)
    select organization_id, version, version_order
    from unnest(${organizationIds}::bigint[], ${versions}::text[], ${versions.map(versionOrder)}::text[])
      as wanted (organization_id, version, version_order)
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
}

/** Links releases to the projects that saw them; returns the links that are new. */
export async function recordReleaseSightings(
  tx: Tx,
  rows: ReleaseSighting[],
): Promise<{ projectId: string; releaseId: string }[]> {
  const links = await tx<{ projectId: string; releaseId: string; isNew: boolean }[]>`
    insert into release_projects as known (project_id, release_id, first_event_at, last_event_at)
    select project_id, release_id, first_event_at, last_event_at
    from unnest(
      ${rows.map((row) => row.projectId)}::bigint[],
      ${rows.map((row) => row.releaseId)}::bigint[],
      ${rows.map((row) => row.firstEventAt.toISOString())}::timestamptz[],
      ${rows.map((row) => row.lastEventAt.toISOString())}::timestamptz[]
    ) as seen (project_id, release_id, first_event_at, last_event_at)
    order by project_id, release_id
    on conflict (project_id, release_id) do update set
      first_event_at = least(known.first_event_at, excluded.first_event_at),
      last_event_at = greatest(known.last_event_at, excluded.last_event_at)
    returning project_id, release_id, (xmax = 0) as is_new`
  return links.flatMap(({ isNew, ...link }) => (isNew ? [link] : []))
}

export type ReleaseHour = {
  projectId: string
  releaseId: string
  environmentId: string
  /** ISO time. */
  hour: string
  events: number
}

export async function recordReleaseHours(tx: Tx, rows: readonly ReleaseHour[]): Promise<void> {
  await tx`
    insert into release_hours as total (project_id, release_id, environment_id, hour, events)
    select project_id, release_id, environment_id, hour, events
    from unnest(
      ${plainArray(rows.map((row) => row.projectId))}::bigint[],
      ${plainArray(rows.map((row) => row.releaseId))}::bigint[],
      ${plainArray(rows.map((row) => row.environmentId))}::bigint[],
      ${plainArray(rows.map((row) => row.hour))}::timestamptz[],
      ${plainArray(rows.map((row) => row.events))}::int[]
    ) as counted (project_id, release_id, environment_id, hour, events)
    order by project_id, release_id, environment_id, hour
    on conflict (project_id, release_id, environment_id, hour)
    do update set events = total.events + excluded.events`
}
