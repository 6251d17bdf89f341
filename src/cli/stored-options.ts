import { listOptions } from "#accounts/options-store.ts"
import { applyDatabaseOptions, options } from "#config.ts"
import type { Db } from "#platform/db.ts"
import { messageOf } from "#platform/errors.ts"
import type { Log } from "#platform/log.ts"
import type { Service } from "#platform/service.ts"
import type { LoadedConfig } from "./configuration/load.ts"

/** What is set on a page reaches every process within this time. */
const REFRESH_MS = 5000

/** Lays the options of the database under the configuration, in place; returns what does not fit. */
export async function readStoredOptions(
  loaded: Pick<LoadedConfig, "values" | "sources">,
  db: Db,
): Promise<string[]> {
  const rows = [...(await listOptions(db))].map(([key, value]) => ({ key, value }))
  // "internal." rows are the program's own notes.
  const known = rows.filter(({ key }) => Object.hasOwn(options, key))
  return applyDatabaseOptions(loaded, known)
}

/** Follows the database's options for as long as the process runs; while PostgreSQL is away, what was known stays. */
export function followStoredOptions(loaded: LoadedConfig, db: Db, log: Log): Service {
  let reading = Promise.resolve()
  const read = async () => {
    try {
      await readStoredOptions(loaded, db)
    } catch (error) {
      log.debug({ error: messageOf(error) }, "options of the database could not be read")
    }
  }
  const timer = setInterval(() => {
    reading = reading.then(read)
  }, REFRESH_MS)
  return {
    async stop() {
      clearInterval(timer)
      await reading
    },
  }
}
