import type { Db } from "#platform/db.ts"
import { type RateLimits, readRateLimits } from "#protocol/rate-limits.ts"

export async function findProjectLimits(db: Db, projectId: string): Promise<RateLimits> {
  const [row] = await db<{ limits: unknown }[]>`
    select settings -> 'rateLimits' as limits from projects where id = ${projectId}`
  return readRateLimits(row?.limits)
}

export async function updateProjectLimits(
  db: Db,
  projectId: string,
  limits: RateLimits,
): Promise<void> {
  await db`
    update projects set settings = settings || ${db.json({ rateLimits: limits })}
    where id = ${projectId}`
}

export async function findKeyLimits(
  db: Db,
  key: { projectId: string; id: string },
): Promise<RateLimits> {
  const [row] = await db<{ limits: unknown }[]>`
    select rate_limits as limits from project_keys
    where project_id = ${key.projectId} and id = ${key.id}`
  return readRateLimits(row?.limits)
}

export async function updateKeyLimits(
  db: Db,
  key: { projectId: string; id: string },
  limits: RateLimits,
): Promise<void> {
  await db`
    update project_keys set rate_limits = ${db.json(limits)}
    where project_id = ${key.projectId} and id = ${key.id}`
}
