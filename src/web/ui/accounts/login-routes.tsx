import { Hono } from "hono"
import { logIn } from "#accounts/users/login.ts"
import { deleteSession } from "#accounts/users/sessions-store.ts"
import { hasUsers } from "#accounts/users/store.ts"
import type { App } from "#app.ts"
import { sha256 } from "#platform/ids.ts"
import { urls } from "#urls.ts"
import type { WebEnv } from "../../context.ts"
import { clearSessionCookie, setSessionCookie } from "../../middleware/session.ts"
import { readForm } from "../form-data.ts"
import { clientOf } from "./client.ts"
import { LoginPage } from "./login-page.tsx"
import { nextPath } from "./next-path.ts"

const WRONG = "This e-mail address and password do not belong together."
const NO_USERS =
  "Nobody has an account yet. The log of this server and `sentry-lite setup-url` show the link that makes the first one."

export function loginRoutes(app: App): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()

  routes.get("/auth/login/", async (c) => {
    const next = nextPath(c.req.query("next"))
    if (c.var.viewer) return c.redirect(next)
    const notice = (await hasUsers(app.sql))
      ? next === "/"
        ? undefined
        : `Sign in to go on to ${next.slice(0, 200)}`
      : NO_USERS
    return c.html(<LoginPage csrf={c.var.csrf} email="" next={next} notice={notice} />)
  })

  routes.post("/auth/login/", async (c) => {
    const form = await readForm(c)
    const email = form.text("email").slice(0, 254)
    const next = nextPath(form.text("next"))
    const password = form.list("password")[0] ?? ""
    const result = await logIn(app, { email, password }, clientOf(c))
    if (result.outcome === "in") {
      // A session that was here before is somebody's old one, and never becomes the new one.
      if (c.var.viewer && c.var.sessionToken) {
        await deleteSession(app.sql, c.var.viewer.user.id, sha256(c.var.sessionToken))
      }
      setSessionCookie(app, c, result.sessionToken)
      return c.redirect(next, 303)
    }
    const isWait = result.outcome === "wait"
    if (isWait) c.header("Retry-After", String(result.retryAfterSeconds))
    const message = isWait
      ? `Too many tries. Wait ${inWords(result.retryAfterSeconds)} and try again.`
      : WRONG
    return c.html(
      <LoginPage csrf={c.var.csrf} email={email} next={next} errors={{ "": message }} />,
      isWait ? 429 : 422,
    )
  })

  routes.get("/auth/logout/", (c) => c.redirect(urls.home()))

  routes.post("/auth/logout/", async (c) => {
    const { viewer, sessionToken } = c.var
    if (viewer && sessionToken) await deleteSession(app.sql, viewer.user.id, sha256(sessionToken))
    clearSessionCookie(app, c)
    c.header("Clear-Site-Data", '"cache", "storage"')
    return c.redirect(urls.login(), 303)
  })

  return routes
}

function inWords(seconds: number): string {
  if (seconds === 1) return "a second"
  if (seconds <= 90) return `${seconds} seconds`
  return `${Math.ceil(seconds / 60)} minutes`
}
