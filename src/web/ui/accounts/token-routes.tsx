import { Hono } from "hono"
import { deleteApiToken, listApiTokens } from "#accounts/tokens/store.ts"
import { createUserToken } from "#accounts/tokens/tokens.ts"
import type { App } from "#app.ts"
import { urls } from "#urls.ts"
import { viewerOf, type WebContext, type WebEnv } from "../../context.ts"
import { requireViewer } from "../../middleware/access.ts"
import type { FieldErrors } from "../components/forms/form.tsx"
import { setFlash } from "../flash.ts"
import { type FormData, formErrors, readForm, unknownAction } from "../form-data.ts"
import { shellOf } from "../shell.ts"
import { UserTokensPage } from "./tokens-page.tsx"

const DAY_MS = 86_400_000
const LIVES = ["30", "90", "365"]

export function userTokenRoutes(app: App): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()

  routes.get(urls.accountTokens(), requireViewer, async (c) => c.html(await tokensPage(app, c, {})))

  routes.post(urls.accountTokens(), requireViewer, async (c) => {
    const { user } = viewerOf(c)
    const form = await readForm(c)
    switch (form.text("action")) {
      case "create":
        return create(app, c, form)
      case "revoke":
        await deleteApiToken(app.sql, { userId: user.id }, idIn(form))
        setFlash(app, c, { tone: "success", text: "Token revoked." })
        return c.redirect(urls.accountTokens(), 303)
      default:
        return unknownAction()
    }
  })

  return routes
}

/** The answer to the POST itself shows the token: it goes into no URL, cookie or store. */
async function create(app: App, c: WebContext, form: FormData) {
  const { user } = viewerOf(c)
  const asked = { name: form.text("name"), scopes: form.list("scopes"), days: form.text("days") }
  const now = app.clock.now().getTime()
  const expiresAt = LIVES.includes(asked.days) ? new Date(now + Number(asked.days) * DAY_MS) : null
  let fresh: string | null = null
  const errors = await formErrors(async () => {
    fresh = await app.sql.begin((tx) =>
      createUserToken(tx, user, { ...asked, expiresAt }, c.var.clientAddress),
    )
  })
  if (errors) return c.html(await tokensPage(app, c, { errors, form: asked }), 422)
  return c.html(await tokensPage(app, c, { fresh }))
}

type Extras = {
  fresh?: string | null
  form?: { name: string; scopes: string[]; days: string }
  errors?: FieldErrors
}

async function tokensPage(app: App, c: WebContext, extras: Extras) {
  const tokens = await listApiTokens(app.sql, { userId: viewerOf(c).user.id })
  return <UserTokensPage shell={shellOf(app, c)} tokens={tokens} {...extras} />
}

/** bigint ids come from forms as text; anything else is no token of anybody. */
function idIn(form: FormData): string {
  const id = form.text("token")
  return /^\d{1,18}$/.test(id) ? id : "0"
}
