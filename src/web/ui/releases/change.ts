import type { App } from "#app.ts"
import { isReleaseReferenced } from "#issues/resolving/commit-link-store.ts"
import { AppError } from "#platform/errors.ts"
import { deleteRelease, type Release } from "#releases/catalog-store.ts"
import { addDeploy } from "#releases/deploys.ts"
import { changeRelease } from "#releases/releases.ts"
import { urls } from "#urls.ts"
import type { WebContext } from "../../context.ts"
import { checkScope } from "../../middleware/access.ts"
import { setFlash } from "../flash.ts"
import { type FormData, formErrors, readForm, unknownAction } from "../form-data.ts"
import { checkConfirmed } from "../settings/confirmed.ts"
import { draftOf, readDeployForm } from "./deploy-form.tsx"
import { frameOf } from "./frame.ts"
import { showOverview } from "./overview.tsx"
import { confirmWord } from "./overview-page.tsx"
import type { ReleaseFrame } from "./release-layout.tsx"

/** What the buttons and forms of a release's page do. */
export async function changeOne(app: App, c: WebContext) {
  checkScope(c.var.membership, "project:releases")
  const frame = await frameOf(app, c)
  const form = await readForm(c)
  const action = form.text("action")
  if (action === "delete") return remove(app, c, frame, form)
  if (action === "deploy") return markDeploy(app, c, frame, form)
  return changeStatus(app, c, frame, STATUS_AFTER[action] ?? unknownAction())
}

const STATUS_AFTER: Record<string, Release["status"] | undefined> = {
  archive: "archived",
  restore: "open",
}

async function changeStatus(
  app: App,
  c: WebContext,
  { release, org }: ReleaseFrame,
  status: Release["status"],
) {
  const { organizationId } = c.var.membership
  await changeRelease(app, { organizationId, version: release.version }, { status })
  const text = status === "archived" ? "The release is archived." : "The release is listed again."
  setFlash(app, c, { tone: "success", text })
  return c.redirect(urls.release(org, release.version), 303)
}

async function markDeploy(app: App, c: WebContext, frame: ReleaseFrame, form: FormData) {
  const { shell, org, release } = frame
  const { organizationId } = c.var.membership
  const errors = await formErrors(() =>
    addDeploy(app, { ...release, organizationId }, readDeployForm(form, shell)),
  )
  if (errors) return showOverview(app, c, { deployDraft: draftOf(form, errors) })
  setFlash(app, c, { tone: "success", text: "The deploy is marked." })
  return c.redirect(`${urls.release(org, release.version)}#deploys`, 303)
}

async function remove(app: App, c: WebContext, { release, org }: ReleaseFrame, form: FormData) {
  const errors = await formErrors(async () => {
    checkConfirmed(form, confirmWord(release))
    if (await isReleaseReferenced(app.sql, release.id)) throw referenced()
    await deleteRelease(app.sql, release.id)
  })
  if (errors) return showOverview(app, c, { errors })
  setFlash(app, c, { tone: "success", text: "The release is deleted." })
  return c.redirect(urls.releases(org), 303)
}

function referenced(): AppError {
  return new AppError(
    "conflict",
    "Issues refer to this release: it brought them, or they are resolved in it. Archive it instead.",
    { field: "confirm" },
  )
}
