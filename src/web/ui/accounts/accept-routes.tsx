import { Hono } from "hono"
import {
  acceptAsNewUser,
  acceptInvitation,
  getInvite,
} from "#accounts/organizations/invitations.ts"
import { startSession } from "#accounts/users/sessions.ts"
import type { App } from "#app.ts"
import { urls } from "#urls.ts"
import type { WebContext, WebEnv } from "../../context.ts"
import { setSessionCookie } from "../../middleware/session.ts"
import type { FieldErrors } from "../components/forms/form.tsx"
import { formErrors, readForm } from "../form-data.ts"
import { AcceptPage } from "./accept-page.tsx"
import { clientOf } from "./client.ts"

const ACCEPT = "/accept/:org/:member{[0-9]{1,18}}/:token/"

export function acceptRoutes(app: App): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()

  routes.get(ACCEPT, async (c) => c.html(await acceptPage(app, c)))

  routes.post(ACCEPT, async (c) => {
    const link = linkOf(c)
    const invite = await getInvite(app, link)
    const { viewer } = c.var
    const way = wayOf(c, invite)
    if (way === "sign-in" || way === "other") return c.html(await acceptPage(app, c), 422)
    if (viewer) {
      await app.sql.begin((tx) =>
        acceptInvitation(tx, invite, link.token, viewer.user, c.var.clientAddress),
      )
      return c.redirect(urls.issues(link.slug), 303)
    }
    const form = await readForm(c)
    const person = {
      name: form.text("name").slice(0, 64),
      password: form.list("password")[0] ?? "",
      ip: c.var.clientAddress,
    }
    let sessionToken = ""
    const errors = await formErrors(() =>
      app.sql.begin(async (tx) => {
        const user = await acceptAsNewUser(app, tx, invite, link.token, person)
        sessionToken = await startSession(app, tx, user.id, clientOf(c))
      }),
    )
    if (errors) return c.html(await acceptPage(app, c, errors, person.name), 422)
    setSessionCookie(app, c, sessionToken)
    return c.redirect(urls.issues(link.slug), 303)
  })

  return routes
}

async function acceptPage(app: App, c: WebContext, errors: FieldErrors = {}, name = "") {
  const invite = await getInvite(app, linkOf(c))
  return (
    <AcceptPage
      csrf={c.var.csrf}
      organization={invite.organization.name}
      inviter={invite.inviterName}
      role={invite.role}
      email={invite.email}
      way={wayOf(c, invite)}
      viewerEmail={c.var.viewer?.user.email ?? null}
      path={c.req.path}
      minLength={app.config["auth.password.min-length"]}
      name={name}
      errors={errors}
    />
  )
}

function wayOf(c: WebContext, invite: { email: string; hasAccount: boolean }) {
  const { viewer } = c.var
  if (viewer) return viewer.user.email === invite.email ? "join" : "other"
  return invite.hasAccount ? "sign-in" : "new"
}

function linkOf(c: WebContext) {
  return {
    slug: c.req.param("org") ?? "",
    memberId: c.req.param("member") ?? "",
    token: c.req.param("token") ?? "",
  }
}
