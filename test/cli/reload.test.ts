import { expect, setDefaultTimeout, test } from "bun:test"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { startCli } from "../support/cli.ts"
import { testDatabase } from "../support/database.ts"
import { startAppliance } from "../support/executable.ts"
import { freePort, temporaryFolder, until } from "../support/services.ts"

setDefaultTimeout(60_000)

const NOTICE = "sentry@example.test"
const config = (more: string) => `system.admin-email: ${more}\n`

/** The page names the administrator when the program sends no mail. */
async function namedAdministrator(address: string): Promise<string> {
  const page = await fetch(`${address}/account/recover/`)
  return /Ask (\S+) for a new password/.exec(await page.text())?.[1] ?? ""
}

test("run web reads its configuration again on SIGHUP, and keeps what it has when that is wrong", async () => {
  const { url } = await testDatabase()
  const folder = temporaryFolder("reload")
  const file = join(folder, "config.yml")
  const base = "mail.backend: dummy\nweb.workers: 1\n"
  writeFileSync(file, base + config("first@example.test"))
  const port = await freePort()
  const address = `http://127.0.0.1:${port}`
  const web = startCli(["--config", folder, "run", "web", "--port", String(port)], {
    DATABASE_URL: url,
    SENTRY_SECRET_KEY: "a secret key that is only good for tests",
    SENTRY_LITE_DATA: temporaryFolder("reload-data"),
  })
  let logs = ""
  void (async () => {
    for await (const chunk of web.stdout) logs += new TextDecoder().decode(chunk)
  })()
  void (async () => {
    for await (const chunk of web.stderr) logs += new TextDecoder().decode(chunk)
  })()
  const names = (email: string) => async () => (await namedAdministrator(address)) === email
  await until("web names the first", names("first@example.test"))

  writeFileSync(file, base.replace("workers: 1", "workers: 2") + config(NOTICE))
  web.kill("SIGHUP")
  await until("web names the second", names(NOTICE))
  await until("the log names what waits", () => logs.includes('needRestart=["web.workers"]'))

  writeFileSync(file, "mail.port: many\n")
  web.kill("SIGHUP")
  await until("the log says why", () => logs.includes("not read again"))
  expect(await namedAdministrator(address)).toBe(NOTICE)
  web.kill("SIGTERM")
  expect(await web.exited).toBe(0)
})

test("run all hands a new configuration on to its processes, and to those it starts again", async () => {
  const folder = temporaryFolder("reload")
  const file = join(folder, "config.yml")
  writeFileSync(file, `mail.backend: dummy\n${config("first@example.test")}`, { mode: 0o644 })
  const env = { SENTRY_CONF: file }
  const appliance = await startAppliance({ env })
  const names = (email: string) => async () => (await namedAdministrator(appliance.url)) === email
  await until("web names the first", names("first@example.test"))
  writeFileSync(file, readFileSync(file, "utf8").replace("first@example.test", NOTICE))
  appliance.supervisor.signal("SIGHUP")
  await until("web names the second", names(NOTICE))
  const web = (await appliance.processes()).find(({ role }) => role === "web")?.pid ?? 0
  process.kill(web, "SIGKILL")
  await until("another web is there", async () =>
    (await appliance.processes()).some(({ role, pid }) => role === "web" && pid !== web),
  )
  await until("and names the second too", names(NOTICE))
  await appliance.stop()
})
