import { Hono } from "hono"
import { countUserTokens } from "#accounts/tokens/store.ts"
import { changePassword, closeAccount } from "#accounts/users/account.ts"
import { type Preferences, preferencesSchema } from "#accounts/users/preferences.ts"
import { deleteSession, deleteSessions, listSessions } from "#accounts/users/sessions-store.ts"
import { updatePreferences, updateUserName } from "#accounts/users/store.ts"
import type { App } from "#app.ts"
import { sha256 } from "#platform/ids.ts"
import { listMutes, updateMute } from "#projects/mutes-store.ts"
import { urls } from "#urls.ts"
import { viewerOf, type WebContext, type WebEnv } from "../../context.ts"
import { requireViewer } from "../../middleware/access.ts"
import { clearSessionCookie, setSessionCookie } from "../../middleware/session.ts"
import type { FieldErrors } from "../components/forms/form.tsx"
import { setFlash } from "../flash.ts"
import { type FormData, formErrors, readForm, unknownAction } from "../form-data.ts"
import { forgetAppearance, shellOf } from "../shell.ts"
import { clientOf } from "./client.ts"
import { CloseAccountPage } from "./close-account-page.tsx"
import { NotificationsPage } from "./notifications-page.tsx"
import { mailOfPassword } from "./password-mail.ts"
import { ProfilePage } from "./profile-page.tsx"
import { SecurityPage } from "./security-page.tsx"

/** Everything a person changes about themselves, but tokens. */
export function accountRoutes(app: App): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()

  routes.get(urls.accountDetails(), requireViewer, (c) => c.html(profilePage(app, c)))
  routes.post(urls.accountDetails(), requireViewer, (c) => saveProfile(app, c))

  routes.get(urls.accountSecurity(), requireViewer, async (c) => c.html(await securityPage(app, c)))
  routes.post(urls.accountSecurity(), requireViewer, (c) => secure(app, c))

  routes.get(urls.accountNotifications(), requireViewer, async (c) => {
    const projects = await listMutes(app.sql, viewerOf(c).user.id)
    return c.html(<NotificationsPage shell={shellOf(app, c)} projects={projects} />)
  })
  routes.post(urls.accountNotifications(), requireViewer, (c) => saveNotifications(app, c))

  routes.get(urls.accountClose(), requireViewer, (c) =>
    c.html(<CloseAccountPage shell={shellOf(app, c)} />),
  )
  routes.post(urls.accountClose(), requireViewer, async (c) => {
    const password = (await readForm(c)).list("current")[0] ?? ""
    const errors = await formErrors(() => closeAccount(app, viewerOf(c).user, password))
    if (errors) return c.html(<CloseAccountPage shell={shellOf(app, c)} errors={errors} />, 422)
    clearSessionCookie(app, c)
    return c.redirect(urls.login(), 303)
  })

  return routes
}

function profilePage(app: App, c: WebContext, errors: FieldErrors = {}, name?: string) {
  const { user } = viewerOf(c)
  return (
    <ProfilePage
      shell={shellOf(app, c)}
      name={name ?? user.name}
      preferences={user.preferences}
      zones={Intl.supportedValuesOf("timeZone")}
      defaultZone={app.config["system.default-timezone"]}
      errors={errors}
    />
  )
}

async function saveProfile(app: App, c: WebContext) {
  const { user } = viewerOf(c)
  const form = await readForm(c)
  switch (form.text("action")) {
    case "profile": {
      const name = form.text("name")
      if (name.length > 64) {
        return c.html(profilePage(app, c, { name: "Use at most 64 characters." }, name), 422)
      }
      await updateUserName(app.sql, user.id, name)
      break
    }
    case "preferences":
      await updatePreferences(app.sql, user.id, preferencesIn(form))
      forgetAppearance(c)
      break
    default:
      unknownAction()
  }
  setFlash(app, c, { tone: "success", text: "Saved." })
  return c.redirect(urls.accountDetails(), 303)
}

function preferencesIn(form: FormData): Preferences {
  const timezone = form.text("timezone")
  return preferencesSchema.parse({
    theme: form.text("theme"),
    density: form.text("density"),
    timezone: Intl.supportedValuesOf("timeZone").includes(timezone) ? timezone : "",
    shortcuts: form.isChecked("shortcuts"),
    frameOrder: form.text("frameOrder"),
    frameFilter: form.text("frameFilter"),
    traceView: form.text("traceView"),
  })
}

type PasswordTry = { errors: FieldErrors; revokeTokens: boolean }

async function securityPage(app: App, c: WebContext, failed?: PasswordTry) {
  const current = Buffer.from(sha256(c.var.sessionToken ?? "")).toString("hex")
  const { id: userId } = viewerOf(c).user
  const now = app.clock.now()
  const [sessions, tokenCount] = await Promise.all([
    listSessions(app.sql, userId, now),
    countUserTokens(app.sql, userId, now),
  ])
  const rows = sessions.map((session) => {
    const id = Buffer.from(session.tokenHash).toString("hex")
    const { createdAt, lastUsedAt } = session
    const from = { ip: session.ip ?? "", userAgent: session.userAgent ?? "" }
    return { id, isCurrent: id === current, createdAt, lastUsedAt, ...from }
  })
  return (
    <SecurityPage
      shell={shellOf(app, c)}
      sessions={rows}
      minLength={app.config["auth.password.min-length"]}
      tokenCount={tokenCount}
      {...failed}
    />
  )
}

async function secure(app: App, c: WebContext) {
  const { user } = viewerOf(c)
  const form = await readForm(c)
  switch (form.text("action")) {
    case "password": {
      const passwords = {
        current: form.list("current")[0] ?? "",
        next: form.list("password")[0] ?? "",
        revokeTokens: form.isChecked("revokeTokens"),
      }
      const client = clientOf(c)
      let token = ""
      const errors = await formErrors(async () => {
        token = await changePassword(app, user, passwords, client, mailOfPassword(app, client))
      })
      if (errors)
        return c.html(
          await securityPage(app, c, { errors, revokeTokens: passwords.revokeTokens }),
          422,
        )
      setSessionCookie(app, c, token)
      setFlash(app, c, { tone: "success", text: "Password changed. All other sessions ended." })
      break
    }
    case "end-session":
      await deleteSession(app.sql, user.id, Buffer.from(form.text("session"), "hex"))
      setFlash(app, c, { tone: "success", text: "Session ended." })
      break
    case "end-other-sessions":
      await deleteSessions(app.sql, user.id, sha256(c.var.sessionToken ?? ""))
      setFlash(app, c, { tone: "success", text: "All other sessions ended." })
      break
    default:
      unknownAction()
  }
  return c.redirect(urls.accountSecurity(), 303)
}

async function saveNotifications(app: App, c: WebContext) {
  const { user } = viewerOf(c)
  const wanted = new Set((await readForm(c)).list("project"))
  // Only projects that the person may see count, whatever ids were sent.
  const changed = (await listMutes(app.sql, user.id)).filter(
    (project) => project.isMuted === wanted.has(project.projectId),
  )
  await app.sql.begin(async (tx) => {
    for (const { projectId, isMuted } of changed) {
      await updateMute(tx, { projectId, userId: user.id, isMuted: !isMuted })
    }
  })
  setFlash(app, c, { tone: "success", text: "Saved." })
  return c.redirect(urls.accountNotifications(), 303)
}
