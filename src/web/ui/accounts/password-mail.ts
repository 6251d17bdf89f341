import type { TellOfPassword } from "#accounts/users/replace-password.ts"
import type { Client } from "#accounts/users/sessions.ts"
import type { App } from "#app.ts"
import { queueMail } from "#mail/queue-mail.ts"
import { deviceOf } from "./device.ts"

/** Tells the owner of a new password, in case it was not they who set it. */
export function mailOfPassword(app: App, client: Client): TellOfPassword {
  return (tx, { user, tokensRevoked, tokensLeft }) =>
    queueMail(app, tx, {
      kind: "password",
      recipient: user.email,
      idempotencyKey: `password:${user.id}:${crypto.randomUUID()}`,
      subject: "Your password was changed",
      data: {
        ip: client.ip,
        browser: deviceOf(client.userAgent),
        tokensRevoked: String(tokensRevoked),
        tokensLeft: String(tokensLeft),
      },
    })
}
