import type { Db } from "#platform/db.ts"
import { type RateLimits, readRateLimits } from "#protocol/rate-limits.ts"

/** What the door has to know of a key that may be used. */
export type KeyAccess = {
  publicKey: string
  keyId: string
  projectId: string
  organizationId: string
  /** Patterns of origins; `["*"]` unless the project says otherwise. */
  allowedDomains: string[]
  /** The key's own limit; null when it has none. */
  rateLimitCount: number | null
  rateLimitWindowSeconds: number | null
  /** Of categories other than errors. */
  keyLimits: RateLimits
  projectLimits: RateLimits
  organizationLimits: RateLimits
}

/**
 * The usable keys with these texts: active, in a living project of a living organization. A text without a row may not
 * send. Two projects may share a text, which only an import brings about.
 */
export async function listKeyAccess(db: Db, publicKeys: readonly string[]): Promise<KeyAccess[]> {
  const rows = await db<KeyAccess[]>`
    select k.public_key, k.id as key_id, k.project_id, p.organization_id,
      coalesce(
        (select array_agg(domain)
         from jsonb_array_elements_text(
           case jsonb_typeof(p.settings -> 'allowedDomains')
             when 'array' then p.settings -> 'allowedDomains' end) as domain),
        case jsonb_typeof(p.settings -> 'allowedDomains')
          when 'array' then '{}'::text[] else '{*}'::text[] end) as allowed_domains,
      k.rate_limit_count, k.rate_limit_window_seconds, k.rate_limits as key_limits,
      p.settings -> 'rateLimits' as project_limits,
      o.settings -> 'rateLimits' as organization_limits
    from project_keys k
    join projects p on p.id = k.project_id
    join organizations o on o.id = p.organization_id
    where k.public_key = any(${publicKeys as string[]})
      and k.is_active and p.status = 'active' and o.status = 'active'
    order by k.public_key, k.id`
  return rows.map((row) => ({
    ...row,
    keyLimits: readRateLimits(row.keyLimits),
    projectLimits: readRateLimits(row.projectLimits),
    organizationLimits: readRateLimits(row.organizationLimits),
  }))
}

export type KeyUse = { projectId: string; keyId: string; usedAt: Date }

/** Moves `last_used_at` forward, never back: several web processes report at their own pace. */
export async function updateKeysLastUsed(db: Db, uses: readonly KeyUse[]): Promise<void> {
  if (uses.length === 0) return
  await db`
    update project_keys k set last_used_at = used.used_at
    from unnest(
      ${uses.map((use) => use.projectId)}::bigint[],
      ${uses.map((use) => use.keyId)}::bigint[],
      ${uses.map((use) => use.usedAt.toISOString())}::timestamptz[]
    ) as used(project_id, key_id, used_at)
    where k.project_id = used.project_id and k.id = used.key_id
      and (k.last_used_at is null or k.last_used_at < used.used_at)`
}
