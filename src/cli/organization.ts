import {
  getOrganization,
  listOrganizations,
  type Organization,
} from "#accounts/organizations/store.ts"
import type { Db } from "#platform/db.ts"
import { CommandFailed, EXIT } from "./exit.ts"

/** The organization of --org; without it, the only one there is. */
export async function organizationOf(db: Db, slug: string | undefined): Promise<Organization> {
  if (slug !== undefined) return getOrganization(db, slug)
  const [only, ...others] = await listOrganizations(db)
  if (only && others.length === 0) return only
  if (!only) {
    throw new CommandFailed(
      EXIT.failure,
      "there is no organization yet; run: sentry-lite orgs create SLUG",
    )
  }
  throw new CommandFailed(EXIT.usage, "missing --org: there are several organizations")
}
