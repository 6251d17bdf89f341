import type { Db } from "#platform/db.ts"
import { insertAuditEntry } from "../audit-store.ts"
import type { Role } from "./roles.ts"

/** Who changes something in an organization, as the audit log names them. */
export type Actor = {
  /** null: the command line, or a token of the organization. */
  userId: string | null
  role: Role
  /** null: the command line, which comes from nowhere. */
  ip: string | null
}

/** What the command line acts as: whoever may run it owns the machine. */
export const cliActor: Actor = { userId: null, role: "owner", ip: null }

export async function audit(
  db: Db,
  organizationId: string,
  actor: Actor,
  entry: { action: string; targetType: string; targetId: string; data?: Record<string, unknown> },
): Promise<void> {
  await insertAuditEntry(db, {
    organizationId,
    actorUserId: actor.userId,
    actorKind: actor.userId ? "user" : actor.ip === null ? "cli" : "token",
    ip: actor.ip,
    ...entry,
  })
}
