import type { Fragment } from "postgres"
import type { Db } from "#platform/db.ts"
import { STATUS } from "../issue.ts"
import type { Sort, StreamScope } from "./stream.ts"

/** Which issues a stream is about, as a predicate over `issues i`. */
export function scopeSql(db: Db, scope: StreamScope): Fragment {
  return db`${windowSql(db, scope)} and ${environmentSql(db, scope)}`
}

/** The scope without its environments. */
export function windowSql(db: Db, scope: StreamScope): Fragment {
  return db`i.organization_id = ${scope.organizationId}
    and i.project_id = any(${[...scope.projectIds]}::bigint[])
    and i.status <= ${STATUS.archived} and i.last_seen >= ${windowStart(scope)}
    ${scope.period.isClosed ? db`and i.first_seen <= ${scope.period.to}` : db``}`
}

/**
 * The environment's tag tells when an issue was last seen there; "" are events that carry no such tag. Who needs every match reads
 * the list of all issues seen there; an order that stops after a page asks the index alone which issues the environment has,
 * and probes when each of them was last seen there.
 */
export function environmentSql(db: Db, scope: StreamScope, sort?: Sort): Fragment {
  if (scope.environments.length === 0) return db`true`
  const tags = db`v.key = 'environment' and v.value = any(${[...scope.environments]}::text[])`
  const ids = db`select v.project_id, v.issue_id from issue_tag_values v
    where v.project_id = any(${[...scope.projectIds]}::bigint[]) and ${tags}`
  const inWindow = db`v.last_seen >= ${windowStart(scope)} offset 0`
  const isWalk = sort === "date" || sort === "new"
  const named = isWalk
    ? db`(((i.project_id, i.id) in (${ids})) is true and exists (select from issue_tag_values v
          where v.project_id = i.project_id and v.issue_id = i.id and ${tags} and ${inWindow}))`
    : db`(i.project_id, i.id) in (${ids} and ${inWindow})`
  if (!scope.environments.includes("")) return named
  return db`(${named} or i.times_seen > coalesce((select k.events from issue_tag_keys k
    where k.project_id = i.project_id and k.issue_id = i.id and k.key = 'environment'), 0))`
}

/** Narrows `issue_hours h` to the scope's environments; as an array it is checked while rows are read, before any join. */
export function inEnvironmentsSql(
  db: Db,
  scope: Pick<StreamScope, "projectIds" | "environments">,
): Fragment {
  if (scope.environments.length === 0) return db``
  return db`and h.environment_id = any(array(select e.id from environments e
    where e.project_id = any(${[...scope.projectIds]}::bigint[]) and e.name = any(${[...scope.environments]}::text[])))`
}

export function windowStart({ period }: Pick<StreamScope, "period">): Date {
  return period.starts[0] ?? period.to
}
