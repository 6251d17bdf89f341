import type { Tx } from "#platform/db.ts"
import { AppError } from "#platform/errors.ts"
import { type Actor, audit } from "./actor.ts"
import {
  countOwners,
  deleteInvitesOf,
  deleteMember,
  getMember,
  type Member,
  updateMemberRole,
} from "./members-store.ts"
import { isAtLeast, ROLES, type Role, scopesOf } from "./roles.ts"
import { updateMemberTeams } from "./teams-store.ts"

export async function changeRole(
  tx: Tx,
  actor: Actor,
  member: Pick<Member, "organizationId" | "id">,
  role: Role,
): Promise<void> {
  const current = await getMember(tx, member.organizationId, member.id)
  if (current.role === role) return
  checkRank(actor, current.role)
  checkRank(actor, role)
  if (current.role === "owner") await checkOtherOwner(tx, current)
  await updateMemberRole(tx, current.id, role)
  const withdrawn = await withdrawInvites(tx, current, role)
  await audit(tx, current.organizationId, actor, {
    action: "member.edit",
    targetType: "member",
    targetId: current.id,
    data: { email: current.email, from: current.role, to: role, ...withdrawn },
  })
}

export async function changeTeams(
  tx: Tx,
  actor: Actor,
  member: Pick<Member, "organizationId" | "id">,
  teamSlugs: string[],
): Promise<void> {
  const current = await getMember(tx, member.organizationId, member.id)
  if (current.teams.join() === [...teamSlugs].sort().join()) return
  await updateMemberTeams(tx, current.organizationId, current.id, teamSlugs)
  await audit(tx, current.organizationId, actor, {
    action: "member.edit",
    targetType: "member",
    targetId: current.id,
    data: { email: current.email, teams: teamSlugs },
  })
}

/** Also withdraws an open invitation. Everybody may remove themselves, except the last owner. */
export async function removeMember(
  tx: Tx,
  actor: Actor,
  member: Pick<Member, "organizationId" | "id">,
): Promise<void> {
  const current = await getMember(tx, member.organizationId, member.id)
  const isOneself = current.userId !== null && current.userId === actor.userId
  if (!isOneself) {
    if (!scopesOf(actor.role).has("member:admin")) {
      throw new AppError("forbidden", 'You need the right "member:admin" for this. Ask a manager.')
    }
    checkRank(actor, current.role)
  }
  if (current.role === "owner") await checkOtherOwner(tx, current)
  await deleteMember(tx, current.id)
  const withdrawn = await withdrawInvites(tx, current, null)
  await audit(tx, current.organizationId, actor, {
    action: "member.remove",
    targetType: "member",
    targetId: current.id,
    data: { email: current.email, ...withdrawn },
  })
}

/** An invitation holds as long as its author could still make it: else who is thrown out comes back by one of their own. */
async function withdrawInvites(tx: Tx, author: Member, role: Role | null) {
  if (author.userId === null) return {}
  const mayInvite = role !== null && scopesOf(role).has("member:write")
  const kept = mayInvite ? ROLES.filter((each) => isAtLeast(role, each)) : []
  const inviter = { organizationId: author.organizationId, userId: author.userId }
  const withdrawn = await deleteInvitesOf(tx, inviter, kept)
  return withdrawn.length > 0 ? { withdrawn } : {}
}

/** Nobody changes somebody above them, or lifts anybody above themselves. */
export function checkRank(actor: Actor, role: Role): void {
  if (isAtLeast(actor.role, role)) return
  throw new AppError("forbidden", `Only somebody with the role ${role} can do this.`)
}

async function checkOtherOwner(tx: Tx, member: Member): Promise<void> {
  // An open invitation owns nothing yet.
  if (member.userId === null) return
  if ((await countOwners(tx, member.organizationId)) > 1) return
  throw new AppError(
    "conflict",
    `${member.name || member.email} is the last owner. Make somebody else an owner first.`,
  )
}
