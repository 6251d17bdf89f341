import type { Db } from "#platform/db.ts"
import { type RateLimits, readRateLimits } from "#protocol/rate-limits.ts"

export async function findOrganizationLimits(db: Db, organizationId: string): Promise<RateLimits> {
  const [row] = await db<{ limits: unknown }[]>`
    select settings -> 'rateLimits' as limits from organizations where id = ${organizationId}`
  return readRateLimits(row?.limits)
}

export async function updateOrganizationLimits(
  db: Db,
  organizationId: string,
  limits: RateLimits,
): Promise<void> {
  await db`
    update organizations set settings = settings || ${db.json({ rateLimits: limits })}
    where id = ${organizationId}`
}
