import type { Db } from "#platform/db.ts"

/** A project whose rows are being removed, or whose organization is; null when it lives or is gone. */
export async function findLeavingProject(
  db: Db,
  projectId: string,
): Promise<{ id: string } | null> {
  const [row] = await db<{ id: string }[]>`
    select p.id from projects p join organizations o on o.id = p.organization_id
    where p.id = ${projectId} and 'deleting' in (p.status, o.status)`
  return row ?? null
}

/** The projects of an organization that is being deleted; none of one that lives. */
export async function listOrganizationProjects(
  db: Db,
  organizationId: string,
): Promise<{ id: string }[]> {
  return await db<{ id: string }[]>`
    select p.id from projects p join organizations o on o.id = p.organization_id
    where o.id = ${organizationId} and o.status = 'deleting' order by p.id`
}

/** The row itself; keys, environments and releases of the project go with it. */
export async function deleteLeavingProject(db: Db, projectId: string): Promise<void> {
  await db`delete from projects where id = ${projectId}`
}
