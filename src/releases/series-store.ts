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
    join release_hours h on h.project_id = rp.project_id and h.release_id = rp.release_id and h.hour >= ${from}
    join environments e on e.id = h.environment_id and e.project_id = h.project_id
    where rp.release_id = ${releaseId}
    group by e.name order by events desc, e.name limit 50`
}
