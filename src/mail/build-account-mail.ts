import type { App } from "#app.ts"
import { publicAddress } from "#config.ts"
import { urls } from "#urls.ts"
import { automaticHeaders, mailDomain } from "./headers.ts"
import { findMailInvitation, findUserForMail } from "./issue-store.ts"
import { absolute } from "./issue-view.ts"
import type { AccountMailKind } from "./queue-mail.ts"
import type { BuiltMail } from "./send.ts"
import { inviteMail, passwordMail, resetMail, testMail } from "./templates/account.tsx"

type Data = Record<string, string>

/** null: the account, the invitation or what it was for is gone, so nobody is to be told. Security mails carry no unsubscribe link. */
export async function buildAccountMail(
  app: App,
  kind: AccountMailKind,
  delivery: { id: string; createdAt: Date },
  data: Data,
): Promise<BuiltMail | null> {
  const rendered = await render(app, kind, delivery, data)
  if (!rendered) return null
  return {
    ...rendered,
    fromName: "sentry-lite",
    messageId: `<${kind}.${delivery.id}@${mailDomain(app.config)}>`,
    headers: automaticHeaders(kind),
  }
}

function render(app: App, kind: AccountMailKind, delivery: { createdAt: Date }, data: Data) {
  switch (kind) {
    case "reset":
      return renderReset(app, delivery, data)
    case "password":
      return renderPassword(app, delivery, data)
    case "invite":
      return renderInvite(app, data)
    case "test":
      return testMail({
        host: new URL(publicAddress(app.config)).host,
        queuedAt: delivery.createdAt.toISOString(),
        takenAt: app.clock.now().toISOString(),
        requestedBy: data.requestedBy ?? "an operator",
      })
  }
}

async function renderReset(app: App, delivery: { createdAt: Date }, data: Data) {
  const user = await findUserForMail(app.sql, data.userId ?? "")
  const validMinutes = app.config["auth.reset-ttl-minutes"]
  const ageMinutes = (app.clock.now().getTime() - delivery.createdAt.getTime()) / 60_000
  if (!user || ageMinutes >= validMinutes) return null
  return resetMail({
    link: absolute(app, urls.recoverConfirm(user.id, data.token ?? "")),
    validMinutes,
    ip: data.ip ?? "",
    browser: data.browser ?? "",
  })
}

/** Goes out whatever became of the account since: whoever lost it needs to know. */
function renderPassword(app: App, delivery: { createdAt: Date }, data: Data) {
  return passwordMail({
    host: new URL(publicAddress(app.config)).host,
    at: `${delivery.createdAt.toISOString().slice(0, 16).replace("T", " ")} UTC`,
    ip: data.ip ?? "",
    browser: data.browser ?? "",
    tokensRevoked: Number(data.tokensRevoked ?? 0),
    tokensLeft: Number(data.tokensLeft ?? 0),
    recoverLink: absolute(app, urls.recover()),
    tokensLink: absolute(app, urls.accountTokens()),
  })
}

async function renderInvite(app: App, data: Data) {
  const invitation = await findMailInvitation(app.sql, data.memberId ?? "")
  if (!invitation) return null
  return inviteMail({
    link: absolute(app, urls.accept(invitation.organizationSlug, invitation.id, data.token ?? "")),
    inviter: invitation.inviterName ?? "An administrator",
    organization: invitation.organizationName,
    role: invitation.role,
    expires: invitation.expiresAt?.toISOString().slice(0, 10) ?? "it is revoked",
  })
}
