import type { Db } from "#platform/db.ts"

type Scope = {
  releaseIds: readonly string[]
  /** null: all. */
  projectIds: readonly string[] | null
  /** Names; empty: all. */
  environments: readonly string[]
  from: Date
}

/** Events of releases by UTC hour. */
export function listReleaseHours(db: Db, scope: Scope) {
  return db<{ releaseId: string; hour: Date; events: number }[]>`
    select h.release_id, h.hour, sum(h.events)::int as events
    from release_projects rp
    join projects p on p.id = rp.project_id and p.status = 'active'
    join release_hours h on h.project_id = rp.project_id and h.release_id = rp.release_id and h.hour >= ${scope.from}
    ${
      scope.environments.length === 0
        ? db``
        : db`join environments e on e.id = h.environment_id and e.project_id = h.project_id
            and e.name = any(${[...scope.environments]}::text[])`
    }
    where rp.release_id = any(${[...scope.releaseIds]}::bigint[])
      ${scope.projectIds === null ? db`` : db`and rp.project_id = any(${[...scope.projectIds]}::bigint[])`}
    group by h.release_id, h.hour`
}

/** Where a release had events, the most first. */
export function listReleaseEnvironments(db: Db, releaseId: string, from: Date) {
  return db<{ name: string; events: number; lastHour: Date }[]>`
    select e.name, sum(h.events)::int as events, max(h.hour) as last_hour
    from release_projects rp
    join projects p on p.id = rp.project_id and p.status = 'active'
    join release_hours h on h.project_id = rp.project_id and h.release_id = rp.release_id and h.hour >= ${from}
    join environments e on e.id = h.environment_id and e.project_id = h.project_id
    where rp.release_id = ${releaseId}
    group by e.name order by events desc, e.name limit 50`
}

/** Events of a release from one hour to before another. */
export async function countReleaseEvents(
  db: Db,
  releaseId: string,
  { from, to }: { from: Date; to: Date },
): Promise<number> {
  const [row] = await db<{ events: number }[]>`
    select coalesce(sum(h.events), 0)::int as events
    from release_projects rp
    join projects p on p.id = rp.project_id and p.status = 'active'
    join release_hours h on h.project_id = rp.project_id and h.release_id = rp.release_id
      and h.hour >= ${from} and h.hour < ${to}
    where rp.release_id = ${releaseId}`
  return row?.events ?? 0
}

/** Events of all releases of these projects, by environment, in some UTC hours. */
export function listEnvironmentHours(
  db: Db,
  scope: { projectIds: readonly string[]; environments: readonly string[]; hours: readonly Date[] },
) {
  const hours = scope.hours.map((hour) => hour.toISOString())
  return db<{ environment: string; hour: Date; events: number }[]>`
    select e.name as environment, h.hour, sum(h.events)::int as events
    from environments e
    join release_hours h on h.project_id = e.project_id and h.environment_id = e.id
      and h.hour = any(${hours}::timestamptz[])
    where e.project_id = any(${[...scope.projectIds]}::bigint[]) and e.name = any(${[...scope.environments]}::text[])
    group by e.name, h.hour`
}
