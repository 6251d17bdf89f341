import type { App } from "#app.ts"
import type { Tx } from "#platform/db.ts"
import { AppError } from "#platform/errors.ts"
import { checkSlug } from "../slugs.ts"
import { type Actor, audit } from "./actor.ts"
import { insertMember } from "./members-store.ts"
import type { Role } from "./roles.ts"
import type { OrganizationSettings } from "./settings.ts"
import {
  insertOrganization,
  type Organization,
  updateOrganization,
  updateOrganizationDeleting,
  updateOrganizationSettings,
} from "./store.ts"
import { insertTeam, updateMemberTeams } from "./teams-store.ts"

/** With a first team of the same name, as in Sentry, and its owner in it; `owner` null: the command line makes it. */
export async function createOrganization(
  tx: Tx,
  actor: Actor,
  organization: { slug: string; name: string },
  owner: { id: string; email: string } | null,
): Promise<Organization> {
  checkSlug(organization.slug)
  const created = await insertOrganization(tx, checkedNames(organization))
  await insertTeam(tx, { organizationId: created.id, slug: created.slug, name: created.name })
  if (owner) {
    const memberId = await insertMember(tx, {
      organizationId: created.id,
      userId: owner.id,
      email: owner.email,
      role: "owner",
      invite: null,
      inviterId: null,
    })
    await updateMemberTeams(tx, created.id, memberId, [created.slug])
  }
  await audit(tx, created.id, actor, {
    action: "org.create",
    targetType: "organization",
    targetId: created.id,
    data: { slug: created.slug },
  })
  return created
}

export async function changeOrganization(
  tx: Tx,
  actor: Actor,
  organizationId: string,
  changes: { slug: string; name: string; defaultRole: Role },
): Promise<void> {
  checkSlug(changes.slug)
  await updateOrganization(tx, organizationId, { ...changes, ...checkedNames(changes) })
  await audit(tx, organizationId, actor, {
    action: "org.edit",
    targetType: "organization",
    targetId: organizationId,
    data: changes,
  })
}

export async function changeOrganizationSettings(
  tx: Tx,
  actor: Actor,
  organizationId: string,
  settings: Partial<OrganizationSettings>,
): Promise<void> {
  if (Object.keys(settings).length === 0) return
  await updateOrganizationSettings(tx, organizationId, settings)
  await audit(tx, organizationId, actor, {
    action: "org.edit",
    targetType: "organization",
    targetId: organizationId,
    data: { settings: Object.keys(settings) },
  })
}

/** Hidden at once; a task removes its rows. */
export async function removeOrganization(
  app: Pick<App, "tasks">,
  tx: Tx,
  actor: Actor,
  organizationId: string,
): Promise<void> {
  await audit(tx, organizationId, actor, {
    action: "org.remove",
    targetType: "organization",
    targetId: organizationId,
  })
  await updateOrganizationDeleting(tx, organizationId)
  await app.tasks.insert(tx, "delete-organization", [{ organizationId }])
}

const MAX_NAME_LENGTH = 64

function checkedNames({ slug, name }: { slug: string; name: string }) {
  const trimmed = name.trim()
  if (trimmed === "" || trimmed.length > MAX_NAME_LENGTH) {
    throw new AppError("invalid", "The name must have 1 to 64 characters.", { field: "name" })
  }
  return { slug, name: trimmed }
}
