import type { Db } from "#platform/db.ts"

/** Who does not want mails of a project; a project or a user that is gone changes nothing. */
export async function updateMute(
  db: Db,
  mute: { projectId: string; userId: string; isMuted: boolean },
): Promise<void> {
  if (mute.isMuted) {
    await db`
      insert into project_mutes (project_id, user_id)
      select p.id, u.id from projects p, users u where p.id = ${mute.projectId} and u.id = ${mute.userId}
      on conflict do nothing`
  } else {
    await db`
      delete from project_mutes
      where project_id = ${mute.projectId} and user_id = ${mute.userId}`
  }
}

export type MuteChoice = {
  projectId: string
  organizationName: string
  slug: string
  name: string
  isMuted: boolean
}

/** Every project of the organizations the user is a member of, muted or not. */
export async function listMutes(db: Db, userId: string): Promise<MuteChoice[]> {
  return await db<MuteChoice[]>`
    select p.id as project_id, o.name as organization_name, p.slug, p.name,
      mu.user_id is not null as is_muted
    from org_members m
    join organizations o on o.id = m.organization_id and o.status = 'active'
    join projects p on p.organization_id = o.id and p.status = 'active'
    left join project_mutes mu on mu.project_id = p.id and mu.user_id = ${userId}
    where m.user_id = ${userId}
    order by o.name, p.slug
    limit 1000`
}
