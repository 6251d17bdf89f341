import type { Db } from "#platform/db.ts"
import { AppError } from "#platform/errors.ts"
import { type ProjectSettings, projectSettingsOf } from "./settings.ts"

export type Project = {
  id: string
  organizationId: string
  slug: string
  name: string
  platform: string
  createdAt: Date
  /** null: waits for its first event. */
  firstEventAt: Date | null
  settings: ProjectSettings
}

type ProjectRow = Omit<Project, "settings"> & { settings: unknown }

const columns = (db: Db) => db`
  p.id, p.organization_id, p.slug, p.name, p.platform, p.created_at, p.first_event_at, p.settings`

const projectOf = (row: ProjectRow): Project => ({
  ...row,
  settings: projectSettingsOf(row.settings),
})

/** Projects that are being deleted are as good as gone. */
async function findProject(db: Db, organizationId: string, slug: string): Promise<Project | null> {
  const [row] = await db<ProjectRow[]>`
    select ${columns(db)} from projects p
    where p.organization_id = ${organizationId} and p.slug = ${slug} and p.status = 'active'`
  return row ? projectOf(row) : null
}

export async function getProject(db: Db, organizationId: string, slug: string): Promise<Project> {
  const project = await findProject(db, organizationId, slug)
  if (!project) throw new AppError("not_found", "There is no such project.")
  return project
}

export async function getProjectById(db: Db, id: string): Promise<Project> {
  const [row] = await db<ProjectRow[]>`
    select ${columns(db)} from projects p where p.id = ${id} and p.status = 'active'`
  if (!row) throw new AppError("not_found", "There is no such project.")
  return projectOf(row)
}

export async function listProjects(db: Db, organizationId: string): Promise<Project[]> {
  const rows = await db<ProjectRow[]>`
    select ${columns(db)} from projects p
    where p.organization_id = ${organizationId} and p.status = 'active'
    order by p.slug
    limit 1000`
  return rows.map(projectOf)
}

/** Throws `conflict` when the organization has a project of this slug. */
export async function insertProject(
  db: Db,
  project: { organizationId: string; slug: string; name: string; platform: string },
): Promise<Project> {
  const [row] = await db<ProjectRow[]>`
    insert into projects as p (organization_id, slug, name, platform)
    values (${project.organizationId}, ${project.slug}, ${project.name}, ${project.platform})
    on conflict (organization_id, slug) do nothing
    returning ${columns(db)}`
  if (!row) throw slugTaken()
  return projectOf(row)
}

export async function updateProject(
  db: Db,
  project: { organizationId: string; id: string },
  changes: { slug: string; name: string; platform: string; settings: Partial<ProjectSettings> },
): Promise<void> {
  const { count } = await db`
    update projects p
    set
      slug = ${changes.slug}, name = ${changes.name}, platform = ${changes.platform},
      settings = settings || ${db.json(changes.settings)}
    where id = ${project.id} and organization_id = ${project.organizationId}
      and not exists (
        select 1 from projects other
        where other.organization_id = ${project.organizationId}
          and other.slug = ${changes.slug} and other.id <> ${project.id}
      )`
  if (count === 0) throw slugTaken()
}

/** Filters that are not named stay as they are, so that programs can change several at a time. */
export async function updateProjectFilters(
  db: Db,
  projectId: string,
  filters: Partial<ProjectSettings["filters"]>,
): Promise<void> {
  await db`
    update projects
    set settings = settings || jsonb_build_object(
      'filters', coalesce(settings -> 'filters', '{}') || ${db.json(filters)})
    where id = ${projectId}`
}

/** Settings that are not named stay. */
export async function updateProjectSettings(
  db: Db,
  projectId: string,
  settings: Partial<ProjectSettings>,
): Promise<void> {
  await db`
    update projects set settings = settings || ${db.json(settings)} where id = ${projectId}`
}

/** What stands in projects.settings, locked until the transaction ends. */
export async function lockProjectSettings(
  tx: Db,
  projectId: string,
): Promise<Record<string, unknown>> {
  const [row] = await tx<{ settings: Record<string, unknown> }[]>`
    select settings from projects where id = ${projectId} and status = 'active' for no key update`
  if (!row) throw new AppError("not_found", "There is no such project.")
  return row.settings
}

export async function updateProjectRules(
  db: Db,
  projectId: string,
  rules: Pick<ProjectSettings, "stackTraceRules" | "fingerprintRules">,
): Promise<void> {
  await db`update projects set settings = settings || ${db.json(rules)} where id = ${projectId}`
}

/** Gone from every page at once and its slug free again; a task removes the rows. */
export async function updateProjectDeleting(db: Db, projectId: string): Promise<void> {
  await db`
    update projects set status = 'deleting', slug = 'deleting_' || id where id = ${projectId}`
}

/** The project then belongs to exactly these teams of its organization. */
export async function updateProjectTeams(
  db: Db,
  project: { organizationId: string; id: string },
  teamSlugs: string[],
): Promise<void> {
  await db`
    delete from project_teams pt
    using teams t
    where t.id = pt.team_id and pt.project_id = ${project.id} and t.slug <> all(${teamSlugs})`
  await db`
    insert into project_teams (project_id, team_id)
    select ${project.id}, t.id
    from teams t
    where t.organization_id = ${project.organizationId} and t.slug = any(${teamSlugs})
    on conflict do nothing`
}

export async function listProjectTeams(db: Db, projectId: string): Promise<string[]> {
  const rows = await db<{ slug: string }[]>`
    select t.slug
    from project_teams pt join teams t on t.id = pt.team_id
    where pt.project_id = ${projectId}
    order by t.slug`
  return rows.map((row) => row.slug)
}

function slugTaken(): AppError {
  return new AppError("conflict", "There is already a project with this slug.", { field: "slug" })
}
