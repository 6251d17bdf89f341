import { z } from "zod"
import { checkScrub } from "#normalize/scrub/check.ts"
import type { OrganizationScrub, ProjectScrub } from "#normalize/scrub/layers.ts"
import { readPiiConfig, writePiiConfig } from "#normalize/scrub/rules/pii-config.ts"
import { AppError } from "#platform/errors.ts"

/** Data scrubbing in Sentry's names, as a PUT of a project or an organization may hold it. */
export const scrubBody = z
  .object({
    dataScrubber: z.boolean(),
    dataScrubberDefaults: z.boolean(),
    scrubIPAddresses: z.boolean(),
    sensitiveFields: z.array(z.string().trim().min(1)),
    safeFields: z.array(z.string().trim().min(1)),
    relayPiiConfig: z.string().nullable(),
  })
  .partial()

/** What the body names, in our names; throws `invalid` for the field that cannot be kept. */
export function scrubChanges(body: z.infer<typeof scrubBody>): Partial<OrganizationScrub> {
  const { relayPiiConfig: rules } = body
  const changes = withoutAbsent({
    scrubData: body.dataScrubber,
    scrubDefaults: body.dataScrubberDefaults,
    scrubIp: body.scrubIPAddresses,
    sensitiveFields: body.sensitiveFields,
    safeFields: body.safeFields,
    scrubRules: rules === undefined ? undefined : readPiiConfig(rules ?? ""),
  })
  try {
    checkScrub(changes)
  } catch (error) {
    if (!(error instanceof AppError) || !String(error.details.field).startsWith("rule-"))
      throw error
    throw new AppError("invalid", error.message, { field: "relayPiiConfig" })
  }
  return changes
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

function withoutAbsent<T extends object>(object: T): Present<T> {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== undefined),
  ) as Present<T>
}

export function serializeScrub(
  settings: ProjectScrub | OrganizationScrub,
  initialDefaults: boolean,
) {
  return {
    dataScrubber: settings.scrubData,
    dataScrubberDefaults: settings.scrubDefaults ?? initialDefaults,
    sensitiveFields: settings.sensitiveFields,
    safeFields: settings.safeFields,
    scrubIPAddresses: settings.scrubIp,
    relayPiiConfig: writePiiConfig(settings.scrubRules),
  }
}
