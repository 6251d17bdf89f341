import type { Db } from "#platform/db.ts"

export type AuditEntry = {
  id: string
  actorUserId: string | null
  actorKind: string
  actorName: string | null
  action: string
  targetType: string
  targetId: string | null
  data: Record<string, unknown>
  ip: string | null
  createdAt: Date
}

export type NewAuditEntry = {
  /** null: concerns the whole instance or an account. */
  organizationId: string | null
  /** null: the command line or the program itself did it. */
  actorUserId: string | null
  actorKind: "user" | "token" | "cli" | "system"
  /** Sentry's words: member.invite, projectkey.create, ... */
  action: string
  targetType: string
  targetId: string | null
  /** What changed, in words; never a secret. */
  data?: Record<string, unknown>
  ip?: string | null
}

export async function insertAuditEntry(db: Db, entry: NewAuditEntry): Promise<void> {
  await db`
    insert into audit_log (
      organization_id, actor_user_id, actor_kind, action, target_type, target_id, data, ip
    )
    values (
      ${entry.organizationId}, ${entry.actorUserId}, ${entry.actorKind}, ${entry.action},
      ${entry.targetType}, ${entry.targetId}, ${JSON.stringify(entry.data ?? {})}::text::jsonb,
      ${entry.ip ?? null}
    )`
}

/** Newest first, those older than `beforeId` when it is given. */
export function listAuditEntries(
  db: Db,
  organizationId: string,
  page: { beforeId: string | null; limit: number },
): Promise<AuditEntry[]> {
  return db<AuditEntry[]>`
    select
      a.id, a.actor_user_id, a.actor_kind, coalesce(nullif(u.name, ''), u.email) as actor_name,
      a.action, a.target_type, a.target_id, a.data, a.ip, a.created_at
    from audit_log a
    left join users u on u.id = a.actor_user_id
    where a.organization_id = ${organizationId}
      and (${page.beforeId}::bigint is null or a.id < ${page.beforeId}::bigint)
    order by a.id desc
    limit ${page.limit}`
}
