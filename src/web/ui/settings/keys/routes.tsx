import { Hono } from "hono"
import { can } from "#accounts/users/viewer.ts"
import type { App } from "#app.ts"
import { ingestPrefix } from "#config.ts"
import { AppError } from "#platform/errors.ts"
import { countEventsByKey, getProjectKey, listProjectKeys } from "#projects/keys-store.ts"
import { changeKey, createKey, removeKey, rotateKey } from "#projects/projects.ts"
import { changeKeyLimits } from "#projects/rate-limits.ts"
import { findKeyLimits } from "#projects/rate-limits-store.ts"
import type { Project } from "#projects/store.ts"
import { countHoursReached } from "#stats/limit-store.ts"
import { keyAddresses, urls } from "#urls.ts"
import type { WebContext, WebEnv } from "../../../context.ts"
import { requireOrganization, requireScope } from "../../../middleware/access.ts"
import { actorIn } from "../../actor-in.ts"
import type { FieldErrors } from "../../components/forms/form.tsx"
import { setFlash } from "../../flash.ts"
import { type FormData, formErrors, readForm, unknownAction } from "../../form-data.ts"
import { dsnWith } from "../../projects/dsn.ts"
import { shellOf } from "../../shell.ts"
import { checkConfirmed } from "../confirmed.ts"
import { type LimitsForm, limitsFormOf, limitsIn, readLimitsForm } from "../limits/form.tsx"
import { SAVED } from "../limits/routes.tsx"
import { projectIn } from "../project-routes.tsx"
import { KeyPage, KeysPage } from "./pages.tsx"

const KEYS = "/settings/:org/projects/:project/keys/"
const KEY = "/settings/:org/projects/:project/keys/:key/"
const DAY_MS = 86_400_000
const MAX_INT = 2_147_483_647

export function keyRoutes(app: App): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()
  const canRead = requireScope("project:read")
  const canWrite = requireScope("project:write")

  routes.get(KEYS, requireOrganization, canRead, async (c) => c.html(await keysPage(app, c, {})))
  routes.post(KEYS, requireOrganization, canWrite, (c) => create(app, c))

  routes.get(KEY, requireOrganization, canRead, async (c) => c.html(await keyPage(app, c, {})))
  routes.post(KEY, requireOrganization, canWrite, async (c) => {
    const form = await readForm(c)
    switch (form.text("action")) {
      case "save":
        return save(app, c, form)
      case "limits":
        return saveLimits(app, c, form)
      case "rotate":
        return rotate(app, c)
      case "delete":
        return remove(app, c, form)
      default:
        return unknownAction()
    }
  })

  return routes
}

async function keysPage(app: App, c: WebContext, extras: { label?: string; errors?: FieldErrors }) {
  const project = await projectIn(app, c)
  const keys = await listProjectKeys(app.sql, project.id)
  const events = await eventsByKey(app, project)
  return (
    <KeysPage
      {...baseOf(app, c, project)}
      keys={keys.map((key) => ({
        ...key,
        dsn: dsnWith(app, key),
        events: events.get(key.id) ?? 0,
      }))}
      label=""
      {...extras}
    />
  )
}

async function create(app: App, c: WebContext) {
  const project = await projectIn(app, c)
  const label = (await readForm(c)).text("name")
  const errors = await formErrors(() =>
    app.sql.begin((tx) => createKey(tx, actorIn(c), project, label)),
  )
  if (errors) return c.html(await keysPage(app, c, { label, errors }), 422)
  return c.redirect(urls.projectKeys(c.var.membership.slug, project.slug), 303)
}

type KeyExtras = {
  form?: { label: string; count: string; seconds: string; isActive: boolean }
  errors?: FieldErrors
  dangerErrors?: FieldErrors
  limits?: LimitsForm
  limitErrors?: FieldErrors
}

async function keyPage(app: App, c: WebContext, extras: KeyExtras) {
  const project = await projectIn(app, c)
  const key = await getProjectKey(app.sql, project.id, c.req.param("key") ?? "")
  const events = await eventsByKey(app, project)
  const form = {
    label: key.label,
    count: String(key.rateLimitCount ?? ""),
    seconds: String(key.rateLimitWindowSeconds ?? ""),
    isActive: key.isActive,
  }
  const row = { ...key, dsn: dsnWith(app, key), events: events.get(key.id) ?? 0 }
  const limits = extras.limits ?? limitsFormOf(await findKeyLimits(app.sql, key))
  const hoursReached = await countHoursReached(app.sql, {
    projectIds: [project.id],
    keyId: key.id,
    reason: "key_quota",
    since: new Date(app.clock.now().getTime() - 7 * DAY_MS),
  })
  const addresses = keyAddresses(ingestPrefix(app.config), key)
  const page = { row, addresses, form, ...extras, limits, hoursReached }
  return <KeyPage {...baseOf(app, c, project)} {...page} />
}

async function save(app: App, c: WebContext, data: FormData) {
  const project = await projectIn(app, c)
  const publicKey = c.req.param("key") ?? ""
  const form = {
    label: data.text("name"),
    count: data.text("count"),
    seconds: data.text("seconds"),
    isActive: data.isChecked("isActive"),
  }
  const errors = await formErrors(() => {
    const { label, isActive } = form
    const changes = { label, isActive, ...limitIn(form) }
    return app.sql.begin((tx) => changeKey(tx, actorIn(c), project, publicKey, changes))
  })
  if (errors) return c.html(await keyPage(app, c, { form, errors }), 422)
  setFlash(app, c, { tone: "success", text: "Saved. Programs notice it within a minute." })
  return c.redirect(urls.projectKey(c.var.membership.slug, project.slug, publicKey), 303)
}

/** Of everything but errors, whose limit stands with the key. */
async function saveLimits(app: App, c: WebContext, data: FormData) {
  const project = await projectIn(app, c)
  const key = await getProjectKey(app.sql, project.id, c.req.param("key") ?? "")
  const limits = readLimitsForm(data)
  const limitErrors = await formErrors(() => {
    const { error: _, ...others } = limitsIn(limits)
    return app.sql.begin((tx) => changeKeyLimits(tx, actorIn(c), project, key, others))
  })
  if (limitErrors) return c.html(await keyPage(app, c, { limits, limitErrors }), 422)
  setFlash(app, c, { tone: "success", text: SAVED })
  return c.redirect(urls.projectKey(c.var.membership.slug, project.slug, key.publicKey), 303)
}

/** Both or neither. */
function limitIn({ count, seconds }: { count: string; seconds: string }) {
  if (count === "") return { rateLimitCount: null, rateLimitWindowSeconds: null }
  return {
    rateLimitCount: whole(count, "count"),
    rateLimitWindowSeconds: whole(seconds || "60", "seconds"),
  }
}

function whole(text: string, field: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && number > 0 && number <= MAX_INT) return number
  throw new AppError("invalid", "Write a whole number above 0.", { field })
}

async function rotate(app: App, c: WebContext) {
  const project = await projectIn(app, c)
  const { publicKey } = await app.sql.begin((tx) =>
    rotateKey(tx, actorIn(c), project, c.req.param("key") ?? ""),
  )
  setFlash(app, c, { tone: "success", text: "This is the successor. The old key still works." })
  return c.redirect(urls.projectKey(c.var.membership.slug, project.slug, publicKey), 303)
}

async function remove(app: App, c: WebContext, form: FormData) {
  const project = await projectIn(app, c)
  const publicKey = c.req.param("key") ?? ""
  const errors = await formErrors(async () => {
    checkConfirmed(form, publicKey)
    await app.sql.begin((tx) => removeKey(tx, actorIn(c), project, publicKey))
  })
  if (errors) return c.html(await keyPage(app, c, { dangerErrors: errors }), 422)
  setFlash(app, c, { tone: "success", text: "Key deleted." })
  return c.redirect(urls.projectKeys(c.var.membership.slug, project.slug), 303)
}

function baseOf(app: App, c: WebContext, project: Project) {
  const { membership } = c.var
  return {
    shell: shellOf(app, c),
    organization: membership,
    project,
    canWrite: can(membership, "project:write"),
  }
}

function eventsByKey(app: App, project: Project) {
  return countEventsByKey(app.sql, project.id, new Date(app.clock.now().getTime() - DAY_MS))
}
