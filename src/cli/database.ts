import { existsSync } from "node:fs"
import { join } from "node:path"
import type { App } from "#app.ts"
import { connect, type Sql } from "#platform/db.ts"
import { describeRedis } from "#platform/redis-url.ts"
import { withAppliancePostgres } from "#supervisor/appliance-postgres.ts"
import { enterDataFolder } from "#supervisor/data-folder.ts"
import { applianceSecretKey, hasSecretKey } from "#supervisor/secret-key.ts"
import type { Context } from "./context.ts"
import { CommandFailed, EXIT, endingOf } from "./exit.ts"
import { isEmptySchema, requireSchema, upgradeDatabase } from "./schema.ts"
import { readStoredOptions } from "./stored-options.ts"
import { say } from "./terminal.ts"

/**
 * Connects to the fleet's PostgreSQL or the appliance's, which is started for the while when it is stopped; refuses a
 * schema that is not current (exit code 1), and lays the database's options under the configuration.
 */
export async function withDatabase<Result>(
  context: Context,
  use: (sql: Sql) => Promise<Result>,
): Promise<Result> {
  return withDatabaseUrl(context, (url) =>
    withConnection(url, async (sql) => {
      if (isAppliance(context) && (await isEmptySchema(sql))) await upgradeDatabase(context, url)
      await requireSchema(sql)
      for (const ignored of await readStoredOptions(context.loaded, sql)) say(`* ${ignored}`)
      return use(sql)
    }),
  )
}

export async function withDatabaseUrl<Result>(
  context: Context,
  use: (url: string) => Promise<Result>,
): Promise<Result> {
  const { config, loaded, log } = context
  if (!isAppliance(context)) {
    joinRunAll(context)
    return use(config["database.url"])
  }
  return withAppliancePostgres(config["system.data-directory"], log, ({ url, secretKey }) => {
    useSecretKey(loaded, secretKey)
    return use(url)
  })
}

export async function withConnection<Result>(
  url: string,
  use: (sql: Sql) => Promise<Result>,
): Promise<Result> {
  const sql = connect(url, { max: 2, applicationName: "sentry-lite command" })
  try {
    return await use(sql)
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/** For commands that do what a process does: the whole app over the same database. */
export async function withApp<Result>(
  context: Context,
  use: (app: App) => Promise<Result>,
): Promise<Result> {
  return withDatabaseUrl(context, async (url) => {
    const config = { ...context.config, "database.url": url }
    const { createApp } = await import("#app.ts")
    const app = await createApp({ config, role: "command", log: context.log })
    try {
      await requireSchema(app.sql)
      return await use(app)
    } finally {
      await app.close()
    }
  })
}

/** For commands that show options: those of the database too, if there is one that answers. */
export async function withStoredOptions(context: Context): Promise<void> {
  if (isAppliance(context) && !existsSync(join(context.config["system.data-directory"], "pgdata")))
    return
  try {
    await withDatabase(context, async () => {})
  } catch (error) {
    const { exitCode, message } = endingOf(error)
    if (exitCode !== EXIT.unreachable && !(error instanceof CommandFailed)) throw error
    say(`* Options of the database are not shown: ${message}`)
  }
}

/** For commands that look into the ingest queue, which a fleet has in Redis. */
export function requireQueue({ redis, config }: App): void {
  if (redis === null || redis.status === "ready") return
  const url = config["redis.queue-url"] || config["redis.url"]
  throw new CommandFailed(EXIT.unreachable, `cannot reach Redis at ${describeRedis(url)}`)
}

function isAppliance({ config }: Context): boolean {
  return config["database.url"] === ""
}

/** `run all` over a PostgreSQL elsewhere: data folder and secret key are an appliance's. A fleet has its key configured. */
function joinRunAll({ config, loaded }: Context): void {
  const folder = config["system.data-directory"]
  if (config["system.secret-key"] !== "" || !hasSecretKey(folder)) return
  useSecretKey(loaded, applianceSecretKey(enterDataFolder(folder)))
}

/** An appliance keeps its secret key in its data folder. */
function useSecretKey(loaded: Context["loaded"], secretKey: string): void {
  const values: { "system.secret-key": string } = loaded.values
  values["system.secret-key"] ||= secretKey
}
