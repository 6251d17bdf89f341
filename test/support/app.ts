import { afterAll } from "bun:test"
import { type App, createApp } from "#app.ts"
import { readStoredOptions } from "#cli/stored-options.ts"
import { type Config, configWith } from "#config.ts"
import { jobPolicies } from "#jobs.ts"
import { createLog } from "#platform/log.ts"
import { upgradeTaskSchema } from "#platform/tasks.ts"
import { testDatabase } from "./database.ts"
import { temporaryFolder } from "./services.ts"

export const SECRET_KEY = "a secret key for tests, long enough"

/** An app of the appliance's shape on a database of its own, with a quiet log. */
export async function testApp(values: Partial<Config> = {}): Promise<App> {
  const { url } = await testDatabase()
  await upgradeTaskSchema(url, jobPolicies)
  const given = {
    "database.url": url,
    "system.secret-key": SECRET_KEY,
    "system.url-prefix": "http://sentry.test:9000",
    "system.data-directory": temporaryFolder("app"),
    ...values,
  }
  const config = configWith(given)
  const log = createLog({ level: "FATAL", format: "machine", role: "test" })
  const sources = new Map(Object.keys(given).map((key) => [key, "the test"]))
  const app = await createApp({
    config,
    role: "command",
    log,
    readOptions: (sql) => readStoredOptions({ values: config, sources }, sql),
  })
  afterAll(() => app.close())
  return app
}
