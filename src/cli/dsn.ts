import { type Config, ingestPrefix } from "#config.ts"
import { dsnOf } from "#urls.ts"

/** With the address that SDKs are meant to use; where nobody said one, this machine's. */
export function dsnFor(config: Config, key: { publicKey: string }, projectId: string): string {
  return dsnOf(ingestPrefix(config), key, projectId)
}
