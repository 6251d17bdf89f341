import type { Tx } from "#platform/db.ts"
import { insertAuditEntry } from "../audit-store.ts"
import { countUserTokens, deleteUserTokens } from "../tokens/store.ts"
import { deleteSessions } from "./sessions-store.ts"
import { updatePassword } from "./store.ts"
import type { User } from "./user.ts"

/** Who is to hear of a new password, and what became of their personal API tokens. */
export type PasswordChange = {
  user: Pick<User, "id" | "email">
  tokensRevoked: number
  tokensLeft: number
}

/** Called inside the transaction, so that no password changes unheard. */
export type TellOfPassword = (tx: Tx, change: PasswordChange) => Promise<void>

/** Ends every session, and the user's API tokens when asked to; an organization's tokens are not theirs to lose. */
export async function replacePassword(
  tx: Tx,
  user: Pick<User, "id" | "email">,
  change: {
    hash: string
    at: Date
    revokeTokens: boolean
    action: "user.password-change" | "user.password-reset"
    /** null: on the server's command line. */
    ip: string | null
  },
): Promise<PasswordChange> {
  await updatePassword(tx, user.id, change.hash)
  await deleteSessions(tx, user.id, null)
  const tokensRevoked = change.revokeTokens ? await deleteUserTokens(tx, user.id) : 0
  const tokensLeft = await countUserTokens(tx, user.id, change.at)
  await insertAuditEntry(tx, {
    organizationId: null,
    actorUserId: change.ip === null ? null : user.id,
    actorKind: change.ip === null ? "cli" : "user",
    action: change.action,
    targetType: "user",
    targetId: user.id,
    data: { tokensRevoked },
    ip: change.ip,
  })
  return { user, tokensRevoked, tokensLeft }
}
