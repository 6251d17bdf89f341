import type { Tx } from "#platform/db.ts"

export type EnvironmentKey = { projectId: string; name: string }
export type EnvironmentRef = EnvironmentKey & { id: string }

/** Finds environments and makes those that are missing; one exists from its first event on. */
export async function recordEnvironments(
  tx: Tx,
  keys: readonly EnvironmentKey[],
): Promise<EnvironmentRef[]> {
  const projectIds = keys.map((key) => key.projectId)
  const names = keys.map((key) => key.name)
  await tx`
    insert into environments (project_id, name)
    select project_id, name
    from unnest(${projectIds}::bigint[], ${names}::text[]) as wanted (project_id, name)
    order by project_id, name
    on conflict do nothing`
  return await tx<EnvironmentRef[]>`
    select e.project_id, e.name, e.id
    from unnest(${projectIds}::bigint[], ${names}::text[]) as wanted (project_id, name)
    join environments e on e.project_id = wanted.project_id and e.name = wanted.name`
}
