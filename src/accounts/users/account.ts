import type { App } from "#app.ts"
import type { Tx } from "#platform/db.ts"
import { AppError } from "#platform/errors.ts"
import { insertAuditEntry } from "../audit-store.ts"
import { listSoleOwnerships } from "../organizations/members-store.ts"
import { checkPassword, hashPassword, verifyPassword } from "./passwords.ts"
import { replacePassword, type TellOfPassword } from "./replace-password.ts"
import { type Client, startSession } from "./sessions.ts"
import { countSuperusers, deleteUser, findPassword, insertUser, type NewUser } from "./store.ts"
import { normalizeEmail, type User } from "./user.ts"

type Deps = Pick<App, "sql" | "config" | "clock">

/** Checks name, address and password and makes the user; throws `invalid` or `conflict`. */
export async function createUser(
  app: Pick<App, "config">,
  tx: Tx,
  user: { email: string; name: string; password: string; isSuperuser: boolean },
): Promise<User> {
  const email = checkedEmail(user.email)
  checkPassword(app.config, user.password, [email, user.name])
  const passwordHash = await hashPassword(app.config, user.password)
  const row: NewUser = {
    email,
    name: user.name.trim(),
    passwordHash,
    isSuperuser: user.isSuperuser,
  }
  return insertUser(tx, row)
}

/** Not a grammar of addresses: one @ with something on both sides, nothing that could break a mail header. */
const EMAIL = /^[^\s@<>(),;:"[\]\\]{1,64}@[^\s@<>(),;:"[\]\\]{1,189}$/

export function isEmail(text: string): boolean {
  return EMAIL.test(text)
}

export function checkedEmail(text: string): string {
  const email = normalizeEmail(text)
  if (isEmail(email)) return email
  if (email === "") throw new AppError("invalid", "Which e-mail address?", { field: "email" })
  throw new AppError("invalid", `"${text.slice(0, 100)}" is not an e-mail address.`, {
    field: "email",
  })
}

/** Ends every session and starts a new one, whose secret is returned. Throws `invalid` when the current one is wrong. */
export async function changePassword(
  app: Deps,
  user: User,
  passwords: { current: string; next: string; revokeTokens: boolean },
  client: Client,
  tell: TellOfPassword,
): Promise<string> {
  await confirmPassword(app, user, passwords.current)
  checkPassword(app.config, passwords.next, [user.email, user.name])
  const hash = await hashPassword(app.config, passwords.next)
  return app.sql.begin(async (tx) => {
    const change = await replacePassword(tx, user, {
      hash,
      at: app.clock.now(),
      revokeTokens: passwords.revokeTokens,
      action: "user.password-change",
      ip: client.ip,
    })
    await tell(tx, change)
    return startSession(app, tx, user.id, client)
  })
}

/** Removes the person; issues and comments stay, without a name. Refused while an organization would lose its last owner. */
export async function closeAccount(app: Deps, user: User, password: string): Promise<void> {
  await confirmPassword(app, user, password)
  await app.sql.begin(async (tx) => {
    const orphaned = await listSoleOwnerships(tx, user.id)
    if (orphaned.length > 0) {
      throw new AppError(
        "conflict",
        `You are the last owner of ${orphaned.join(", ")}. Make somebody else an owner first.`,
      )
    }
    if (user.isSuperuser && (await countSuperusers(tx)) === 1) {
      throw new AppError("conflict", "You are the only administrator of this instance.")
    }
    await insertAuditEntry(tx, {
      organizationId: null,
      actorUserId: null,
      actorKind: "system",
      action: "user.close",
      targetType: "user",
      targetId: user.id,
    })
    await deleteUser(tx, user.id)
  })
}

async function confirmPassword(app: Deps, user: User, password: string): Promise<void> {
  const stored = await findPassword(app.sql, user.email)
  if (await verifyPassword(app.config, password, stored?.passwordHash ?? null)) return
  throw new AppError("invalid", "This is not your current password.", { field: "current" })
}
