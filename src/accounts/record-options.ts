import { type Config, options } from "#config.ts"
import type { Db } from "#platform/db.ts"
import { sealedOption } from "#platform/options/sealed.ts"
import { recordOption } from "./options-store.ts"

/** Sets options in the database, secrets sealed; every process hears of it within seconds. Values were checked before. */
export async function recordOptions(
  db: Db,
  config: Pick<Config, "system.secret-key">,
  values: Partial<Config>,
): Promise<void> {
  const secretKey = config["system.secret-key"]
  for (const [key, value] of Object.entries(values)) {
    await recordOption(db, key, sealedOption(options[key as keyof Config], value, secretKey))
  }
}
