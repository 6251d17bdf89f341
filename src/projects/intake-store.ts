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
  await tx`
    with changed as (
      select p.id, news.first_event_at
      from projects p
      join unnest(
        ${rows.map((row) => row.projectId)}::bigint[],
        ${rows.map((row) => row.firstEventAt.toISOString())}::timestamptz[]
      ) as news (project_id, first_event_at) on news.project_id = p.id
      order by p.id
      for no key update of p)
    update projects p set
      change_seq = p.change_seq + 1,
      first_event_at = coalesce(p.first_event_at, changed.first_event_at)
    from changed where changed.id = p.id`
}
