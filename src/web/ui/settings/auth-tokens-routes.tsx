import { Hono } from "hono"
import { SCOPES } from "#accounts/organizations/roles.ts"
import { listApiTokens } from "#accounts/tokens/store.ts"
import { createOrganizationToken, revokeOrganizationToken } from "#accounts/tokens/tokens.ts"
import { can } from "#accounts/users/viewer.ts"
import type { App } from "#app.ts"
import { AppError } from "#platform/errors.ts"
import { urls } from "#urls.ts"
import type { WebContext, WebEnv } from "../../context.ts"
import { requireOrganization, requireScope } from "../../middleware/access.ts"
import { actorIn } from "../actor-in.ts"
import type { FieldErrors } from "../components/forms/form.tsx"
import { setFlash } from "../flash.ts"
import { type FormData, formErrors, readForm, unknownAction } from "../form-data.ts"
import { shellOf } from "../shell.ts"
import { AuthTokensPage } from "./auth-tokens-page.tsx"

const TOKENS = "/settings/:org/auth-tokens/"

export function authTokenRoutes(app: App): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()
  const canWrite = requireScope("org:write")

  routes.get(TOKENS, requireOrganization, canWrite, async (c) =>
    c.html(await tokensPage(app, c, {})),
  )
  routes.post(TOKENS, requireOrganization, canWrite, async (c) => {
    const form = await readForm(c)
    switch (form.text("action")) {
      case "create":
        return create(app, c, form)
      case "revoke":
        return revoke(app, c, form)
      default:
        return unknownAction()
    }
  })

  return routes
}

type Extras = {
  fresh?: string | null
  form?: { name: string; scopes: string[] }
  errors?: FieldErrors
}

async function tokensPage(app: App, c: WebContext, extras: Extras) {
  const { membership } = c.var
  const { organizationId } = membership
  return (
    <AuthTokensPage
      shell={shellOf(app, c)}
      organization={membership}
      tokens={await listApiTokens(app.sql, { organizationId })}
      scopes={SCOPES.filter((scope) => can(membership, scope))}
      {...extras}
    />
  )
}

/** The answer to the POST itself shows the token: it goes into no URL, cookie or store. */
async function create(app: App, c: WebContext, data: FormData) {
  const { membership } = c.var
  const form = { name: data.text("name"), scopes: data.list("scopes") }
  let fresh: string | null = null
  const errors = await formErrors(async () => {
    if (SCOPES.some((scope) => form.scopes.includes(scope) && !can(membership, scope))) {
      throw new AppError("invalid", "A token can do no more than you.", { field: "scopes" })
    }
    const organization = { id: membership.organizationId, slug: membership.slug }
    const made = await app.sql.begin((tx) =>
      createOrganizationToken(app, tx, actorIn(c), organization, { ...form, expiresAt: null }),
    )
    fresh = made.token
  })
  if (errors) return c.html(await tokensPage(app, c, { form, errors }), 422)
  return c.html(await tokensPage(app, c, { fresh }))
}

async function revoke(app: App, c: WebContext, form: FormData) {
  const { organizationId, slug } = c.var.membership
  const id = form.text("token")
  const tokenId = /^\d{1,18}$/.test(id) ? id : "0"
  await app.sql.begin((tx) => revokeOrganizationToken(tx, actorIn(c), organizationId, tokenId))
  setFlash(app, c, { tone: "success", text: "Token revoked." })
  return c.redirect(urls.authTokens(slug), 303)
}
