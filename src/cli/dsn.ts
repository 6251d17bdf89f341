import { type Config, publicAddress } from "#config.ts"
import { dsnOf } from "#urls.ts"

/** With the address that SDKs are meant to use; where nobody said one, this machine's. */
export function dsnFor(config: Config, key: { publicKey: string }, projectId: string): string {
  return dsnOf(config["system.ingest-url-prefix"] || publicAddress(config), key, projectId)
}
