import type { Db, Tx } from "#platform/db.ts"

/** What the ingest line must know of a project. */
export type ProjectIntake = {
  id: string
  organizationId: string
  settings: Record<string, unknown>
  organizationSettings: Record<string, unknown>
}

/** Those of the projects that take events: neither they nor their organization are being deleted. */
export async function listProjectIntakes(db: Db, ids: readonly string[]): Promise<ProjectIntake[]> {
  return await db<ProjectIntake[]>`
    select p.id, p.organization_id, p.settings, o.settings as organization_settings
    from projects p join organizations o on o.id = p.organization_id
    where p.id = any(${ids as string[]}::bigint[]) and p.status = 'active' and o.status = 'active'`
}

/** Tells open pages that something changed and remembers each project's first event. */
export async function updateChangeSeq(
  tx: Tx,
  rows: { projectId: string; firstEventAt: Date }[],
): Promise<void> {
  const ids = rows.map((row) => row.projectId)
  // A statement of its own: locking and changing in one was a deadlock of two transactions over one row now and then.
  if (ids.length > 1) {
    await tx`
      select from projects where id = any(${ids}::bigint[]) order by id for no key update`
  }
  await tx`
    update projects p set
      change_seq = p.change_seq + 1,
      first_event_at = coalesce(p.first_event_at, news.first_event_at)
    from unnest(
      ${ids}::bigint[],
      ${rows.map((row) => row.firstEventAt.toISOString())}::timestamptz[]
    ) as news (project_id, first_event_at)
    where p.id = news.project_id`
}
