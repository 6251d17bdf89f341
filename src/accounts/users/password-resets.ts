import { randomBytes } from "node:crypto"
import type { App } from "#app.ts"
import type { Db, Tx } from "#platform/db.ts"
import { AppError } from "#platform/errors.ts"
import { sha256 } from "#platform/ids.ts"
import {
  countPasswordResets,
  deletePasswordResets,
  findPasswordReset,
  insertPasswordReset,
} from "./password-resets-store.ts"
import { checkPassword, hashPassword } from "./passwords.ts"
import { replacePassword, type TellOfPassword } from "./replace-password.ts"
import { findUserByEmail } from "./store.ts"
import { normalizeEmail, type User } from "./user.ts"

const HOUR_MS = 3_600_000
/** Mails an hour to one person: a stranger must not be able to fill their inbox. */
const MAX_PER_HOUR = 3

/**
 * Makes the secret of a link to set a new password. null when there is nobody to send it to, or they got enough of
 * them: the page says the same thing either way.
 */
export async function createPasswordReset(
  app: Pick<App, "config" | "clock">,
  tx: Tx,
  email: string,
): Promise<{ user: User; token: string } | null> {
  const user = await findUserByEmail(tx, normalizeEmail(email))
  if (!user?.isActive) return null
  const now = app.clock.now()
  const recent = await countPasswordResets(tx, user.id, new Date(now.getTime() - HOUR_MS))
  if (recent >= MAX_PER_HOUR) return null
  return { user, token: await issuePasswordReset(app, tx, user.id) }
}

/** The secret alone, without asking: for an administrator who hands a link over. */
export async function issuePasswordReset(
  app: Pick<App, "config" | "clock">,
  db: Db,
  userId: string,
): Promise<string> {
  const token = randomBytes(32).toString("base64url")
  const createdAt = app.clock.now()
  const lifeMs = app.config["auth.reset-ttl-minutes"] * 60_000
  await insertPasswordReset(db, {
    tokenHash: sha256(token),
    userId,
    createdAt,
    expiresAt: new Date(createdAt.getTime() + lifeMs),
  })
  return token
}

/** Sets the password and ends every session of the user; the link and all others like it are used up. */
export async function resetPassword(
  app: Pick<App, "sql" | "config" | "clock">,
  reset: { userId: string; token: string; password: string; revokeTokens: boolean },
  ip: string,
  tell: TellOfPassword,
): Promise<void> {
  const tokenHash = sha256(reset.token)
  const owner = await findPasswordReset(
    app.sql,
    { tokenHash, userId: reset.userId },
    app.clock.now(),
  )
  if (!owner) throw usedUp()
  checkPassword(app.config, reset.password, [owner.email, owner.name])
  const hash = await hashPassword(app.config, reset.password)
  await app.sql.begin(async (tx) => {
    if (!(await deletePasswordResets(tx, reset.userId, tokenHash))) throw usedUp()
    const change = await replacePassword(
      tx,
      { id: owner.userId, email: owner.email },
      {
        hash,
        at: app.clock.now(),
        revokeTokens: reset.revokeTokens,
        action: "user.password-reset",
        ip,
      },
    )
    await tell(tx, change)
  })
}

function usedUp(): AppError {
  return new AppError("not_found", "This link was used or is too old. Ask for a new one.")
}
