import type { Tx } from "#platform/db.ts"
import { checkSlug } from "../slugs.ts"
import { type Actor, audit } from "./actor.ts"
import { deleteTeam, getTeam, insertTeam, updateTeam, updateTeamMembers } from "./teams-store.ts"

export async function createTeam(
  tx: Tx,
  actor: Actor,
  team: { organizationId: string; slug: string; name: string },
): Promise<string> {
  checkSlug(team.slug)
  const teamId = await insertTeam(tx, team)
  await audit(tx, team.organizationId, actor, {
    action: "team.create",
    targetType: "team",
    targetId: teamId,
    data: { slug: team.slug },
  })
  return teamId
}

export async function changeTeam(
  tx: Tx,
  actor: Actor,
  team: { organizationId: string; id: string; slug: string; name: string; memberIds: string[] },
): Promise<void> {
  checkSlug(team.slug)
  await updateTeam(tx, team)
  await updateTeamMembers(tx, team.organizationId, team.id, team.memberIds)
  await audit(tx, team.organizationId, actor, {
    action: "team.edit",
    targetType: "team",
    targetId: team.id,
    data: { slug: team.slug, members: team.memberIds.length },
  })
}

/** Issues assigned to it are assigned to nobody afterwards; its projects stay. */
export async function removeTeam(
  tx: Tx,
  actor: Actor,
  team: { organizationId: string; slug: string },
): Promise<void> {
  const { id } = await getTeam(tx, team.organizationId, team.slug)
  await deleteTeam(tx, team.organizationId, id)
  await audit(tx, team.organizationId, actor, {
    action: "team.remove",
    targetType: "team",
    targetId: id,
    data: { slug: team.slug },
  })
}
