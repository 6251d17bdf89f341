import { cliActor } from "#accounts/organizations/actor.ts"
import { createOrganization } from "#accounts/organizations/organizations.ts"
import { listOrganizations } from "#accounts/organizations/store.ts"
import type { Sql } from "#platform/db.ts"
import { createProject } from "#projects/projects.ts"

/** What `upgrade` of Sentry leaves behind on an empty database: organization and team "sentry", project "internal". */
export async function createFirstOrganization(sql: Sql): Promise<void> {
  await sql.begin(async (tx) => {
    if ((await listOrganizations(tx)).length > 0) return
    const names = { slug: "sentry", name: "Sentry" }
    const { id } = await createOrganization(tx, cliActor, names, null)
    await createProject(tx, cliActor, {
      organizationId: id,
      slug: "internal",
      name: "Internal",
      platform: "other",
      teams: [names.slug],
    })
  })
}
