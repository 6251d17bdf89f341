import type { App } from "#app.ts"
import type { JobData } from "#jobs.ts"
import { createMailer, MailError, type Mailer, type OutgoingMail } from "#platform/mailer.ts"
import { unseal } from "#platform/seal.ts"
import { buildAccountMail } from "./build-account-mail.ts"
import { buildIssueMail } from "./build-issue-mail.ts"
import { MAIL_PURPOSE } from "./queue-mail.ts"
import type { RenderedMail } from "./rendered.ts"
import { findMailDelivery, type MailDelivery, updateMailDelivery } from "./store.ts"

/** Yesterday's news helps nobody; the task's own retries go on a little longer, so that one of them sees this. */
const GIVE_UP_AFTER_MS = 24 * 3_600_000

/** What became of a mail that nothing went wrong with, by mail.backend. */
const HANDED_OVER = {
  smtp: "mail sent",
  console: "mail printed, not sent",
  dummy: "mail thrown away: sending is switched off",
} as const

/** A rendered mail with everything but its recipient and subject. */
export type BuiltMail = RenderedMail &
  Pick<OutgoingMail, "messageId" | "headers" | "inReplyTo" | "references"> & { fromName: string }

/**
 * Renders and sends one mail that was decided on before. Throws what can be mended, so that the task is tried again with
 * back-off; a refusal that trying again cannot help is recorded and ends the task.
 */
export async function sendMail(app: App, job: JobData<"send-mail">): Promise<void> {
  const delivery = await findMailDelivery(app.sql, job.deliveryId)
  if (!delivery || delivery.status === "sent") return
  // It is sent to try settings that were made a moment ago.
  if (delivery.kind === "test") await app.rereadOptions()
  const mail = await build(app, delivery, job)
  if (!mail) {
    await updateMailDelivery(app.sql, delivery.id, {
      status: "failed",
      reply: "not sent: what it was about is gone",
    })
    return
  }
  await deliver(app, delivery, mail)
}

function build(app: App, delivery: MailDelivery, job: JobData<"send-mail">) {
  const data = openData(app, job.data.sealed ?? "")
  const { kind } = delivery
  return kind === "reset" || kind === "password" || kind === "invite" || kind === "test"
    ? buildAccountMail(app, kind, delivery, data)
    : buildIssueMail(app, kind, delivery, data)
}

function openData(app: App, sealed: string): Record<string, string> {
  const plain = unseal(app.config["system.secret-key"], MAIL_PURPOSE, Buffer.from(sealed, "base64"))
  return JSON.parse(new TextDecoder().decode(plain)) as Record<string, string>
}

async function deliver(app: App, delivery: MailDelivery, mail: BuiltMail): Promise<void> {
  const mailer = configuredMailer(app)
  const { fromName, ...rest } = mail
  try {
    const reply = await mailer.send({
      ...rest,
      from: { name: fromName, address: senderAddress(app.config["mail.from"]) },
      to: delivery.recipient,
      subject: delivery.subject,
    })
    await updateMailDelivery(app.sql, delivery.id, { status: "sent", reply })
    const about = { deliveryId: delivery.id, kind: delivery.kind }
    app.log.info(about, HANDED_OVER[app.config["mail.backend"]])
  } catch (error) {
    if (!(error instanceof MailError)) throw error
    const isOver = error.isPermanent || isTooOld(app, delivery)
    await updateMailDelivery(app.sql, delivery.id, {
      status: isOver ? "failed" : "queued",
      reply: error.message,
    })
    app.log.warn({ deliveryId: delivery.id, reason: error.message }, "mail not sent")
    if (!isOver) throw error
  } finally {
    mailer.close()
  }
}

function isTooOld(app: Pick<App, "clock">, delivery: MailDelivery): boolean {
  return app.clock.now().getTime() - delivery.createdAt.getTime() > GIVE_UP_AFTER_MS
}

export function configuredMailer(app: Pick<App, "config">): Mailer {
  const { config } = app
  return createMailer({
    backend: config["mail.backend"],
    host: config["mail.host"],
    port: config["mail.port"],
    username: config["mail.username"],
    password: config["mail.password"],
    useTls: config["mail.use-tls"],
    useSsl: config["mail.use-ssl"],
    caFile: config["mail.ca-file"],
    timeoutSeconds: config["mail.timeout"],
  })
}

/** `Sentry <sentry@example.com>` or the bare address. */
export function senderAddress(from: string): string {
  return /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from.trim()
}
