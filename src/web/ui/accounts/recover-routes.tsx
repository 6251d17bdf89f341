import { Hono } from "hono"
import { countUserTokens } from "#accounts/tokens/store.ts"
import { createPasswordReset, resetPassword } from "#accounts/users/password-resets.ts"
import { findPasswordReset } from "#accounts/users/password-resets-store.ts"
import { startSession } from "#accounts/users/sessions.ts"
import type { App } from "#app.ts"
import { queueMail } from "#mail/queue-mail.ts"
import { AppError } from "#platform/errors.ts"
import { sha256 } from "#platform/ids.ts"
import { urls } from "#urls.ts"
import type { WebContext, WebEnv } from "../../context.ts"
import { setSessionCookie } from "../../middleware/session.ts"
import { formErrors, readForm } from "../form-data.ts"
import { clientOf } from "./client.ts"
import { deviceOf } from "./device.ts"
import { mailOfPassword } from "./password-mail.ts"
import { NewPasswordPage, NoMailPage, RecoverPage, RecoverSentPage } from "./recover-pages.tsx"

const CONFIRM = "/account/recover/confirm/:user{[0-9]{1,18}}/:token/"

/** More than a mail takes to ask for, so that the time of the answer does not tell whether there is somebody to write to. */
const ANSWER_MS = 250

export function recoverRoutes(app: App): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()

  routes.get("/account/recover/", (c) =>
    app.config["mail.backend"] === "dummy"
      ? c.html(<NoMailPage adminEmail={app.config["system.admin-email"]} />)
      : c.html(<RecoverPage csrf={c.var.csrf} email="" />),
  )

  routes.post("/account/recover/", async (c) => {
    const email = (await readForm(c)).text("email").slice(0, 254)
    await Promise.all([sendReset(app, c, email), Bun.sleep(ANSWER_MS)])
    const validMinutes = app.config["auth.reset-ttl-minutes"]
    return c.html(<RecoverSentPage email={email} validMinutes={validMinutes} />)
  })

  routes.get(CONFIRM, async (c) => {
    const owner = await getReset(app, c.req.param())
    return c.html(<NewPasswordPage {...(await passwordPage(app, c, owner))} revokeTokens />)
  })

  routes.post(CONFIRM, async (c) => {
    const { user: userId, token } = c.req.param()
    const owner = await getReset(app, { user: userId, token })
    const form = await readForm(c)
    const reset = { userId, token, password: form.list("password")[0] ?? "" }
    const revokeTokens = form.isChecked("revokeTokens")
    const client = clientOf(c)
    const errors = await formErrors(() =>
      resetPassword(app, { ...reset, revokeTokens }, client.ip, mailOfPassword(app, client)),
    )
    if (errors) {
      const page = { ...(await passwordPage(app, c, owner)), revokeTokens, errors }
      return c.html(<NewPasswordPage {...page} />, 422)
    }
    setSessionCookie(app, c, await startSession(app, app.sql, userId, client))
    return c.redirect(urls.home(), 303)
  })

  return routes
}

/** The link is made of system.url-prefix by the mail's template, never of this request's Host. */
async function sendReset(app: App, c: WebContext, email: string): Promise<void> {
  await app.sql.begin(async (tx) => {
    const reset = await createPasswordReset(app, tx, email)
    if (!reset) return
    const { ip, userAgent } = clientOf(c)
    await queueMail(app, tx, {
      kind: "reset",
      recipient: reset.user.email,
      idempotencyKey: `reset:${Buffer.from(sha256(reset.token)).toString("hex")}`,
      subject: "Reset your password",
      data: { userId: reset.user.id, token: reset.token, ip, browser: deviceOf(userAgent) },
    })
  })
}

async function getReset(app: App, link: { user: string; token: string }) {
  const tokenHash = sha256(link.token)
  const reset = { tokenHash, userId: link.user }
  const owner = await findPasswordReset(app.sql, reset, app.clock.now())
  if (owner) return owner
  throw new AppError("not_found", "This link was used or is too old. Ask for a new one.")
}

async function passwordPage(app: App, c: WebContext, owner: { userId: string; email: string }) {
  return {
    csrf: c.var.csrf,
    email: owner.email,
    minLength: app.config["auth.password.min-length"],
    tokenCount: await countUserTokens(app.sql, owner.userId, app.clock.now()),
  }
}
