import type { Db } from "#platform/db.ts"

/** Removes up to `limit` bundles that no event needed since `day`, and those whose projects are gone since `before`. */
export async function deleteUnusedBundles(
  db: Db,
  old: { day: string; before: Date; limit: number },
): Promise<number> {
  const result = await db`
    delete from artifact_bundles where id in (
      select b.id from artifact_bundles b
      where b.used_on < ${old.day}::date or (b.created_at < ${old.before} and not exists (
        select from artifact_projects p where p.bundle_id = b.id) and not exists (
        select from debug_files d where d.bundle_id = b.id))
      limit ${old.limit})`
  return result.count
}

/** Up to `limit` of an organization's bundles; returns how many went. Chunks do not go before them. */
export async function deleteOrganizationBundles(
  db: Db,
  organizationId: string,
  limit: number,
): Promise<number> {
  const result = await db`
    delete from artifact_bundles where id in (
      select id from artifact_bundles where organization_id = ${organizationId} limit ${limit})`
  return result.count
}
