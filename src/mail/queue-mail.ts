import type { App } from "#app.ts"
import type { Tx } from "#platform/db.ts"
import { seal } from "#platform/seal.ts"
import { headerText } from "./headers.ts"
import { insertMailDelivery } from "./store.ts"

export type AccountMailKind = "reset" | "password" | "invite" | "test"
export type MailKind =
  | "new"
  | "regression"
  | "reappeared"
  | "escalating"
  | "assigned"
  | "comment"
  | AccountMailKind

export type MailRequest = {
  kind: MailKind
  /** One e-mail address. */
  recipient: string
  /** The same news to the same person is one mail: a second request with this key does nothing. */
  idempotencyKey: string
  subject: string
  /** What the template of this kind needs; sealed while it waits, so it may hold a token. */
  data: Record<string, string>
}

export const MAIL_PURPOSE = "mail-data"

/** Decides on a mail inside the caller's transaction; a worker renders and sends it after the commit. */
export async function queueMail(
  app: Pick<App, "tasks" | "config">,
  tx: Tx,
  mail: MailRequest,
): Promise<void> {
  const deliveryId = await insertMailDelivery(tx, { ...mail, subject: headerText(mail.subject) })
  if (!deliveryId) return
  const plain = new TextEncoder().encode(JSON.stringify(mail.data))
  const sealed = seal(app.config["system.secret-key"], MAIL_PURPOSE, plain)
  const data = { sealed: Buffer.from(sealed).toString("base64") }
  await app.tasks.insert(tx, "send-mail", [{ deliveryId, kind: mail.kind, data }])
}
