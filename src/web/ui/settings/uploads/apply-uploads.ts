import type { App } from "#app.ts"
import { startRemapping } from "#maintenance/remap/remap.ts"
import { viewerOf, type WebContext } from "../../../context.ts"
import { setFlash } from "../../flash.ts"

/** The button of the card for stored events; `path` is the page that it stands on. */
export async function applyUploads(app: App, c: WebContext, projectId: string, path: string) {
  await startRemapping(app, projectId, viewerOf(c).user.id)
  const text = "It starts within half a minute and goes on by itself."
  setFlash(app, c, { tone: "success", text })
  return c.redirect(`${path}#apply`, 303)
}
