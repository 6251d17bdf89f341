import { z } from "zod"
import { organizationScrubShape } from "#normalize/scrub/layers.ts"

/** organizations.settings. As in projects.settings, each key falls back by itself. */
const organizationSettingsSchema = z.object(organizationScrubShape)

export type OrganizationSettings = z.infer<typeof organizationSettingsSchema>

const defaultOrganizationSettings: OrganizationSettings = organizationSettingsSchema.parse({})

/** What stands in organizations.settings as settings; anything unreadable is the default. */
export function organizationSettingsOf(stored: unknown): OrganizationSettings {
  return organizationSettingsSchema.catch(defaultOrganizationSettings).parse(stored)
}
