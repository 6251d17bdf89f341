import { type Actor, audit } from "#accounts/organizations/actor.ts"
import { checkSlug } from "#accounts/slugs.ts"
import type { App } from "#app.ts"
import type { Tx } from "#platform/db.ts"
import { AppError } from "#platform/errors.ts"
import { randomHex } from "#platform/ids.ts"
import {
  deleteProjectKey,
  getProjectKey,
  insertProjectKey,
  type KeyChanges,
  type ProjectKey,
  updateProjectKey,
} from "./keys-store.ts"
import { findKeyLimits, updateKeyLimits } from "./rate-limits-store.ts"
import type { ProjectSettings } from "./settings.ts"
import {
  insertProject,
  type Project,
  updateProject,
  updateProjectDeleting,
  updateProjectSettings,
  updateProjectTeams,
} from "./store.ts"

const KEY_BYTES = 16
const MAX_NAME_LENGTH = 64

/** With one key, so that its DSN can be used at once. */
export async function createProject(
  tx: Tx,
  actor: Actor,
  project: {
    organizationId: string
    slug: string
    name: string
    platform: string
    teams: string[]
  },
): Promise<{ project: Project; key: ProjectKey }> {
  checkSlug(project.slug)
  const name = checkedName(project.name)
  const created = await insertProject(tx, { ...project, name })
  await updateProjectTeams(tx, created, project.teams)
  const key = await insertProjectKey(tx, freshKey(created.id, "Default"))
  await audit(tx, created.organizationId, actor, {
    action: "project.create",
    targetType: "project",
    targetId: created.id,
    data: { slug: created.slug },
  })
  return { project: created, key }
}

export async function changeProject(
  tx: Tx,
  actor: Actor,
  project: Project,
  changes: {
    slug: string
    name: string
    platform: string
    teams: string[]
    settings: Partial<ProjectSettings>
  },
): Promise<void> {
  checkSlug(changes.slug)
  await updateProject(tx, project, { ...changes, name: checkedName(changes.name) })
  await updateProjectTeams(tx, project, changes.teams)
  await audit(tx, project.organizationId, actor, {
    action: "project.edit",
    targetType: "project",
    targetId: project.id,
    data: { slug: changes.slug },
  })
}

/** Settings that are not named stay; nothing is written when nothing changed. */
export async function changeProjectSettings(
  tx: Tx,
  actor: Actor,
  project: Project,
  settings: Partial<ProjectSettings>,
): Promise<void> {
  const changed = changedSettings(project.settings, settings)
  if (changed.length === 0) return
  await updateProjectSettings(tx, project.id, Object.fromEntries(changed))
  await audit(tx, project.organizationId, actor, {
    action: "project.edit",
    targetType: "project",
    targetId: project.id,
    data: { slug: project.slug, settings: changed.map(([name]) => name) },
  })
}

function changedSettings(before: ProjectSettings, wanted: Partial<ProjectSettings>) {
  return Object.entries(wanted).filter(
    ([name, value]) => !Bun.deepEquals(value, before[name as keyof ProjectSettings]),
  )
}

/** Hidden at once, its keys no longer work; a task removes its events and rows. */
export async function removeProject(
  app: Pick<App, "tasks">,
  tx: Tx,
  actor: Actor,
  project: Project,
): Promise<void> {
  await updateProjectDeleting(tx, project.id)
  await audit(tx, project.organizationId, actor, {
    action: "project.remove",
    targetType: "project",
    targetId: project.id,
    data: { slug: project.slug },
  })
  await app.tasks.insert(tx, "delete-project", [{ projectId: project.id }])
}

export async function createKey(
  tx: Tx,
  actor: Actor,
  project: Project,
  label: string,
): Promise<ProjectKey> {
  const key = await insertProjectKey(tx, freshKey(project.id, checkedName(label)))
  await auditKey(tx, actor, project, "projectkey.create", key)
  return key
}

export async function changeKey(
  tx: Tx,
  actor: Actor,
  project: Project,
  publicKey: string,
  changes: Partial<KeyChanges>,
): Promise<void> {
  const key = await getProjectKey(tx, project.id, publicKey)
  const { label, isActive, rateLimitCount, rateLimitWindowSeconds } = { ...key, ...changes }
  await updateProjectKey(tx, key, {
    label: checkedName(label),
    isActive,
    rateLimitCount,
    rateLimitWindowSeconds,
  })
  const action = isActive === key.isActive ? "edit" : isActive ? "enable" : "disable"
  await auditKey(tx, actor, project, `projectkey.${action}`, key)
}

/** A successor of the same label and limits; both work until the old one is switched off or deleted. */
export async function rotateKey(
  tx: Tx,
  actor: Actor,
  project: Project,
  publicKey: string,
): Promise<ProjectKey> {
  const old = await getProjectKey(tx, project.id, publicKey)
  const fresh = await insertProjectKey(tx, freshKey(project.id, old.label))
  await updateProjectKey(tx, fresh, { ...old, isActive: true })
  await updateKeyLimits(tx, fresh, await findKeyLimits(tx, old))
  await updateProjectKey(tx, old, {
    ...old,
    label: `${old.label} (old)`.slice(0, MAX_NAME_LENGTH),
  })
  await auditKey(tx, actor, project, "projectkey.create", fresh)
  return fresh
}

export async function removeKey(
  tx: Tx,
  actor: Actor,
  project: Project,
  publicKey: string,
): Promise<void> {
  const key = await getProjectKey(tx, project.id, publicKey)
  await deleteProjectKey(tx, key)
  await auditKey(tx, actor, project, "projectkey.remove", key)
}

function freshKey(projectId: string, label: string) {
  return { projectId, label, publicKey: randomHex(KEY_BYTES), secretKey: randomHex(KEY_BYTES) }
}

async function auditKey(
  tx: Tx,
  actor: Actor,
  project: Project,
  action: string,
  key: ProjectKey,
): Promise<void> {
  await audit(tx, project.organizationId, actor, {
    action,
    targetType: "projectkey",
    targetId: key.id,
    data: { project: project.slug, label: key.label, publicKey: key.publicKey },
  })
}

function checkedName(name: string): string {
  const trimmed = name.trim()
  if (trimmed !== "" && trimmed.length <= MAX_NAME_LENGTH) return trimmed
  throw new AppError("invalid", "The name must have 1 to 64 characters.", { field: "name" })
}
