import type { Db } from "#platform/db.ts"
import { getProject, getProjectById, type Project } from "#projects/store.ts"
import { organizationOf } from "./organization.ts"

/** A project as an operator writes it: ORG/SLUG, its id, or the slug alone where --org or the only organization tells the rest. */
export async function projectNamed(db: Db, written: string, org?: string): Promise<Project> {
  if (/^\d{1,18}$/.test(written)) return getProjectById(db, written)
  const [first = "", second] = written.split("/", 2)
  const organization = await organizationOf(db, second === undefined ? org : first)
  return getProject(db, organization.id, second ?? first)
}
