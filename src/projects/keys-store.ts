import type { Db } from "#platform/db.ts"
import { AppError } from "#platform/errors.ts"

export type ProjectKey = {
  id: string
  projectId: string
  label: string
  publicKey: string
  secretKey: string
  isActive: boolean
  /** Events in one window; both null = no limit of its own. */
  rateLimitCount: number | null
  rateLimitWindowSeconds: number | null
  createdAt: Date
  lastUsedAt: Date | null
}

const columns = (db: Db) => db`
  id, project_id, label, public_key, secret_key, is_active, rate_limit_count,
  rate_limit_window_seconds, created_at, last_used_at`

export function listProjectKeys(db: Db, projectId: string): Promise<ProjectKey[]> {
  return db<ProjectKey[]>`
    select ${columns(db)} from project_keys where project_id = ${projectId} order by id limit 100`
}

/** The key whose DSN guides show: the oldest that is active; null when all are switched off. */
export async function findDefaultKey(db: Db, projectId: string): Promise<ProjectKey | null> {
  const [row] = await db<ProjectKey[]>`
    select ${columns(db)} from project_keys
    where project_id = ${projectId} and is_active
    order by id
    limit 1`
  return row ?? null
}

export async function getProjectKey(
  db: Db,
  projectId: string,
  publicKey: string,
): Promise<ProjectKey> {
  const [row] = await db<ProjectKey[]>`
    select ${columns(db)} from project_keys
    where project_id = ${projectId} and public_key = ${publicKey}`
  if (!row) throw new AppError("not_found", "There is no such key.")
  return row
}

export async function insertProjectKey(
  db: Db,
  key: { projectId: string; label: string; publicKey: string; secretKey: string },
): Promise<ProjectKey> {
  const [row] = await db<ProjectKey[]>`
    insert into project_keys (project_id, label, public_key, secret_key)
    values (${key.projectId}, ${key.label}, ${key.publicKey}, ${key.secretKey})
    returning ${columns(db)}`
  if (!row) throw new Error("insert without a row")
  return row
}

export type KeyChanges = Pick<
  ProjectKey,
  "label" | "isActive" | "rateLimitCount" | "rateLimitWindowSeconds"
>

export async function updateProjectKey(
  db: Db,
  key: { projectId: string; id: string },
  changes: KeyChanges,
): Promise<void> {
  await db`
    update project_keys
    set
      label = ${changes.label}, is_active = ${changes.isActive},
      rate_limit_count = ${changes.rateLimitCount},
      rate_limit_window_seconds = ${changes.rateLimitWindowSeconds}
    where project_id = ${key.projectId} and id = ${key.id}`
}

export async function deleteProjectKey(
  db: Db,
  key: { projectId: string; id: string },
): Promise<void> {
  await db`delete from project_keys where project_id = ${key.projectId} and id = ${key.id}`
}

export type KeyLabel = Pick<ProjectKey, "id" | "projectId" | "label" | "publicKey">

export function listKeyLabels(db: Db, projectIds: readonly string[]): Promise<KeyLabel[]> {
  return db<KeyLabel[]>`
    select id, project_id, label, public_key from project_keys
    where project_id = any(${[...projectIds]}::bigint[])
    order by project_id, id
    limit 1000`
}

/** Accepted events of the last day by key id; keys without any are absent. */
export async function countEventsByKey(
  db: Db,
  projectId: string,
  since: Date,
): Promise<Map<string, number>> {
  const rows = await db<{ keyId: string; events: number }[]>`
    select key_id, sum(quantity)::float8 as events
    from outcome_hours
    where project_id = ${projectId} and hour >= ${since}
      and outcome = 'accepted' and category in ('error', 'default')
    group by key_id`
  return new Map(rows.map((row) => [row.keyId, row.events]))
}
