import { createSetupToken } from "#accounts/setup.ts"
import { type Config, publicAddress } from "#config.ts"
import type { Db } from "#platform/db.ts"
import { urls } from "#urls.ts"

/** A link to the wizard, valid until there is a user. */
export async function setupLink(config: Config, db: Db): Promise<string> {
  return `${publicAddress(config)}${urls.setup(await createSetupToken(db))}`
}
