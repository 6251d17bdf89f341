import { deleteCookie, getCookie } from "hono/cookie"
import type { Membership } from "#accounts/organizations/membership.ts"
import { preferencesSchema } from "#accounts/users/preferences.ts"
import type { Viewer } from "#accounts/users/viewer.ts"
import type { App } from "#app.ts"
import { viewerOf, type WebContext } from "../context.ts"
import type { FlashMessage } from "./components/feedback/notice.tsx"
import { takeFlash } from "./flash.ts"
import type { Appearance } from "./page.tsx"
import { knownZone } from "./times.ts"

/** What every page of somebody signed in hands to Layout, and the moment and zone its times are told in. */
export type Shell = {
  viewer: Viewer
  organization: Membership | null
  csrf: string
  appearance: Appearance
  flash: FlashMessage | null
  now: Date
  /** IANA name, known to the runtime. */
  zone: string
}

/** Reads the request's part of the shell; behind requireViewer or requireOrganization. */
export function shellOf(app: Pick<App, "config" | "clock">, c: WebContext): Shell {
  const viewer = viewerOf(c)
  const { timezone } = viewer.user.preferences
  return {
    viewer,
    organization: c.var.membership ?? null,
    csrf: c.var.csrf,
    appearance: appearanceOf(c, viewer.user.preferences),
    flash: takeFlash(app, c),
    now: app.clock.now(),
    zone: knownZone(timezone || app.config["system.default-timezone"]),
  }
}

/** The theme and density keys write cookies: they win on this browser until preferences are saved. */
function appearanceOf(c: WebContext, preferences: Appearance): Appearance {
  const { theme, density } = preferencesSchema.parse({
    theme: getCookie(c, "sl_theme") ?? preferences.theme,
    density: getCookie(c, "sl_density") ?? preferences.density,
  })
  return { ...preferences, theme, density }
}

/** Saved preferences count again: called by whatever saves them. */
export function forgetAppearance(c: WebContext): void {
  deleteCookie(c, "sl_theme", { path: "/" })
  deleteCookie(c, "sl_density", { path: "/" })
}
