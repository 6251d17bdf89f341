import type { Db } from "#platform/db.ts"

/** The row itself, once its projects are gone; members, teams and tokens go with it. */
export async function deleteLeavingOrganization(db: Db, organizationId: string): Promise<void> {
  await db`delete from organizations where id = ${organizationId} and status = 'deleting'`
}
