import { z } from "zod"
import { LEGACY_BROWSERS } from "#normalize/filters/legacy-browsers.ts"
import {
  defaultFilterSettings as initial,
  MAX_FILTER_LINE_CHARACTERS,
  MAX_FILTER_LINES,
} from "#normalize/filters/settings.ts"

const lines = z.array(z.string().min(1).max(MAX_FILTER_LINE_CHARACTERS)).max(MAX_FILTER_LINES)
const flag = (start: boolean) => z.boolean().catch(start)

/** `filters` of projects.settings: absent and unreadable members are what a project begins with. */
export const filterSettingsSchema = z.object({
  chunkLoadErrors: flag(initial.chunkLoadErrors),
  reactHydrationErrors: flag(initial.reactHydrationErrors),
  cspDefaults: flag(initial.cspDefaults),
  cspSources: lines.catch([]),
  clientAddresses: lines.catch([]),
  releases: lines.catch([]),
  errorMessages: lines.catch([]),
  localhost: flag(initial.localhost),
  browserExtensions: flag(initial.browserExtensions),
  legacyBrowsers: z.array(z.string().max(32)).max(LEGACY_BROWSERS.length).catch([]),
  webCrawlers: flag(initial.webCrawlers),
  healthChecks: flag(initial.healthChecks),
})
