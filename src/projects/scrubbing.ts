import { createHmac } from "node:crypto"
import type { Config } from "#config.ts"
import {
  type InstanceScrub,
  type OrganizationScrub,
  type ProjectScrub,
  scrubSettingsOf,
} from "#normalize/scrub/layers.ts"
import type { ScrubSettings } from "#normalize/scrub/scrubber.ts"

export type ScrubOptions = Pick<
  Config,
  | "ingest.scrub.defaults"
  | "ingest.scrub.ip"
  | "ingest.scrub.fields"
  | "ingest.scrub.safe-fields"
  | "system.secret-key"
>

/** What is in force in a project: what the instance, its organization and itself say of scrubbing. */
export function scrubIn(
  options: ScrubOptions,
  {
    organization,
    organizationId,
    project,
  }: { organization: OrganizationScrub; organizationId: string; project: ProjectScrub },
): ScrubSettings {
  return scrubSettingsOf(
    { instance: instanceScrub(options), organization, project },
    hashKeyOf(options["system.secret-key"], organizationId),
  )
}

export function instanceScrub(options: ScrubOptions): InstanceScrub {
  return {
    defaults: options["ingest.scrub.defaults"],
    ip: options["ingest.scrub.ip"],
    fields: options["ingest.scrub.fields"],
    safeFields: options["ingest.scrub.safe-fields"],
  }
}

/** One for each organization: that two of them have the same user is nobody's business. */
function hashKeyOf(secretKey: string, organizationId: string): string {
  return createHmac("sha256", secretKey).update(`scrub hashes ${organizationId}`).digest("hex")
}
