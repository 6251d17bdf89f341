import { z } from "zod"

/** How a person likes the pages. Each key falls back by itself, so that an old or odd row never breaks a page. */
export const preferencesSchema = z.object({
  theme: z.enum(["system", "light", "dark"]).catch("system"),
  density: z.enum(["comfortable", "compact"]).catch("comfortable"),
  /** IANA name; "" = the instance's system.default-timezone. */
  timezone: z.string().max(64).catch(""),
  /** Single-key shortcuts (WCAG 2.1.4: must be possible to switch off). */
  shortcuts: z.boolean().catch(true),
  frameOrder: z.enum(["newest", "oldest"]).catch("newest"),
  frameFilter: z.enum(["app", "all"]).catch("app"),
  traceView: z.enum(["pretty", "raw"]).catch("pretty"),
})

export type Preferences = z.infer<typeof preferencesSchema>

export const defaultPreferences: Preferences = preferencesSchema.parse({})

/** What stands in users.preferences as preferences; anything unreadable is the default. */
export function preferencesOf(stored: unknown): Preferences {
  return preferencesSchema.catch(defaultPreferences).parse(stored)
}
