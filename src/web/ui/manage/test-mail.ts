import { checkedEmail } from "#accounts/users/account.ts"
import { nameOf } from "#accounts/users/user.ts"
import type { App } from "#app.ts"
import { publicAddress } from "#config.ts"
import { queueMail } from "#mail/queue-mail.ts"
import { viewerOf, type WebContext } from "../../context.ts"
import { PRODUCT } from "../page.tsx"

/** Asks for a test mail the way every mail is asked for; what becomes of it stands among the last mails. */
export async function queueTestMail(app: App, c: WebContext, address: string): Promise<void> {
  const recipient = checkedEmail(address)
  await app.sql.begin((tx) =>
    queueMail(app, tx, {
      kind: "test",
      recipient,
      idempotencyKey: `test:${crypto.randomUUID()}`,
      subject: `Test mail from ${PRODUCT} on ${new URL(publicAddress(app.config)).host}`,
      data: { requestedBy: nameOf(viewerOf(c).user) },
    }),
  )
}
