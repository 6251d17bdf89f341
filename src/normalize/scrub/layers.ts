import { z } from "zod"
import { type ScrubRule, storedRules } from "./rules/rule.ts"
import type { ScrubSettings } from "./scrubber.ts"

export const fieldNames = z.array(z.string().min(1).max(100)).max(200)

/** What a project says of scrubbing, as it is stored; absent keys are the default. */
export const projectScrubShape = {
  scrubData: z.boolean().catch(true),
  /** Also what looks like passwords, tokens and card numbers; null: as the instance's option says. */
  scrubDefaults: z.boolean().nullable().catch(null),
  scrubIp: z.boolean().catch(false),
  sensitiveFields: fieldNames.catch([]),
  safeFields: fieldNames.catch([]),
  scrubRules: storedRules,
}

/** What an organization asks of all its projects: what is on there cannot be switched off in a project. */
export const organizationScrubShape = {
  ...projectScrubShape,
  scrubData: z.boolean().catch(false),
  scrubDefaults: z.boolean().catch(false),
}

export type ProjectScrub = z.infer<z.ZodObject<typeof projectScrubShape>>
export type OrganizationScrub = z.infer<z.ZodObject<typeof organizationScrubShape>>
/** The options `ingest.scrub.*`. */
export type InstanceScrub = {
  defaults: boolean
  ip: boolean
  fields: readonly string[]
  safeFields: readonly string[]
}

/**
 * What is in force in a project. Names and rules add up, organization first; a project can only tighten: it cannot switch
 * off what its organization requires, and its safe fields do not count against the organization's or the instance's
 * sensitive ones, nor at all while the organization requires the built-in list.
 */
export function scrubSettingsOf(
  {
    instance,
    organization,
    project,
  }: {
    instance: InstanceScrub
    organization: OrganizationScrub
    project: ProjectScrub
  },
  hashKey: string,
): ScrubSettings {
  const isOwn = project.scrubData || organization.scrubData
  const scrubDefaults =
    organization.scrubDefaults || (isOwn && (project.scrubDefaults ?? instance.defaults))
  const isRequired = organization.sensitiveFields.length > 0 || organization.scrubDefaults
  const required = [...instance.fields, ...organization.sensitiveFields]
  return {
    scrubData: isOwn || isRequired,
    scrubDefaults,
    scrubIp: instance.ip || organization.scrubIp || project.scrubIp,
    sensitiveFields: [...required, ...(isOwn ? project.sensitiveFields : [])],
    safeFields: [
      ...instance.safeFields,
      ...unless(instance.fields, organization.safeFields),
      ...(organization.scrubDefaults ? [] : unless(required, project.safeFields)),
    ],
    rules: [
      ...owned(organization.scrubRules, "organization"),
      ...owned(project.scrubRules, "project"),
    ],
    hashKey,
  }
}

function unless(sensitive: readonly string[], safe: readonly string[]): string[] {
  const parts = sensitive.map((field) => field.toLowerCase()).filter(Boolean)
  return safe.filter((name) => !parts.some((part) => name.toLowerCase().includes(part)))
}

function owned(rules: readonly ScrubRule[], owner: "organization" | "project") {
  return rules.map((rule) => ({ rule, owner }))
}
