import { z } from "zod"
import { projectScrubShape } from "#normalize/scrub/layers.ts"
import { filterSettingsSchema } from "./filter-settings.ts"
import { scrapingSchema } from "./scraping.ts"

/** Far more than anybody writes; a text is compiled in milliseconds. */
export const MAX_RULE_CHARACTERS = 64 * 1024

const rules = z.string().max(MAX_RULE_CHARACTERS)

/**
 * projects.settings. Each key falls back by itself, so that a row written by another version is read as far as it makes
 * sense; absent keys follow the instance's options where there is one.
 */
export const projectSettingsSchema = z.object({
  /** Origins that browsers may send from; `["*"]` = all. See ingest/origin. */
  allowedDomains: z.array(z.string().min(1).max(255)).max(100).catch(["*"]),
  ...projectScrubShape,
  /** Hours without an event after which an issue counts as resolved; 0 = never. */
  resolveAgeHours: z.int().min(0).max(8760).catch(0),
  /** Mails without stack trace, request and user. */
  minimalMail: z.boolean().catch(false),
  /** Which frames are the application's and count; see grouping/rules. */
  stackTraceRules: rules.catch(""),
  /** Which events are one issue whatever they look like. */
  fingerprintRules: rules.catch(""),
  /** What is dropped before anything is made of it. */
  filters: filterSettingsSchema.catch(filterSettingsSchema.parse({})),
  scraping: scrapingSchema.catch(scrapingSchema.parse({})),
})

export type ProjectSettings = z.infer<typeof projectSettingsSchema>

const defaultProjectSettings: ProjectSettings = projectSettingsSchema.parse({})

/** What stands in projects.settings as settings; anything unreadable is the default. */
export function projectSettingsOf(stored: unknown): ProjectSettings {
  return projectSettingsSchema.catch(defaultProjectSettings).parse(stored)
}

/** The rules that stand in projects.settings. */
export function ruleTextsOf(
  stored: Record<string, unknown>,
): Pick<ProjectSettings, "stackTraceRules" | "fingerprintRules"> {
  const { stackTraceRules, fingerprintRules } = projectSettingsSchema.shape
  return {
    stackTraceRules: stackTraceRules.parse(stored.stackTraceRules),
    fingerprintRules: fingerprintRules.parse(stored.fingerprintRules),
  }
}
