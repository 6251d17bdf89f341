import { deleteCookie, getCookie } from "hono/cookie"
import { preferencesSchema } from "#accounts/users/preferences.ts"
import type { App } from "#app.ts"
import type { WebContext } from "../context.ts"
import type { FlashMessage } from "./components/feedback/notice.tsx"
import { takeFlash } from "./flash.ts"
import { pageViewer } from "./page-viewer.ts"
import { knownZone } from "./times.ts"
import type { Viewer } from "./viewer.ts"

/** What every page of somebody signed in hands to Layout, and the moment and zone its times are told in. */
export type Shell = {
  viewer: Viewer
  flash: FlashMessage | null
  now: Date
  /** IANA name, known to the runtime. */
  zone: string
}

/** Reads the request's part of the page; behind requireViewer or requireOrganization. */
export function shellOf(app: Pick<App, "config" | "clock">, c: WebContext): Shell {
  return {
    viewer: asToldHere(c, pageViewer(c)),
    flash: takeFlash(app, c),
    now: app.clock.now(),
    zone: knownZone(c.var.timezone),
  }
}

/** The theme and density keys write cookies: they win on this browser until preferences are saved. */
function asToldHere(c: WebContext, viewer: Viewer): Viewer {
  const { preferences } = viewer.user
  const { theme, density } = preferencesSchema.parse({
    theme: getCookie(c, "sl_theme") ?? preferences.theme,
    density: getCookie(c, "sl_density") ?? preferences.density,
  })
  return { ...viewer, user: { ...viewer.user, preferences: { ...preferences, theme, density } } }
}

/** Saved preferences count again: called by whatever saves them. */
export function forgetAppearance(c: WebContext): void {
  deleteCookie(c, "sl_theme", { path: "/" })
  deleteCookie(c, "sl_density", { path: "/" })
}
