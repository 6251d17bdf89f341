import type { App } from "#app.ts"
import { ingestPrefix } from "#config.ts"
import { findDefaultKey } from "#projects/keys-store.ts"
import { dsnOf } from "#urls.ts"

/** Where a key's programs send to, from the address that this instance is told it has. */
export function dsnWith(
  app: Pick<App, "config">,
  key: { publicKey: string; projectId: string },
): string {
  return dsnOf(ingestPrefix(app.config), key, key.projectId)
}

/** The DSN that guides show; null when every key is switched off. */
export async function defaultDsn(
  app: Pick<App, "config" | "sql">,
  projectId: string,
): Promise<string | null> {
  const key = await findDefaultKey(app.sql, projectId)
  return key && dsnWith(app, key)
}
