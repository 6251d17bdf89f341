import type { Db } from "#platform/db.ts"
import { insertAuditEntry } from "../audit-store.ts"
import type { Role } from "./roles.ts"

/** Who changes something in an organization, as the audit log names them. */
export type Actor = {
  /** null: the command line. */
  userId: string | null
  role: Role
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
    actorKind: actor.userId ? "user" : "cli",
    ip: actor.ip,
    ...entry,
  })
}
