import { expect, setDefaultTimeout, test } from "bun:test"
import { chmodSync, copyFileSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { executable, startAppliance } from "../support/executable.ts"
import { runCommand } from "../support/processes.ts"
import { temporaryFolder, until } from "../support/services.ts"

setDefaultTimeout(60_000)

test("the executable needs no file beside itself", async () => {
  const folder = temporaryFolder("alone")
  // As root the program works as another user, who must get in.
  chmodSync(folder, 0o755)
  const program = join(folder, "sentry-lite")
  copyFileSync(await executable(), program)
  expect((await runCommand([program, "version"], {})).exitCode).toBe(0)

  const appliance = await startAppliance({ program })
  const login = await fetch(`${appliance.url}/auth/login/`)
  expect(login.status).toBe(200)
  const files = [...(await login.text()).matchAll(/(?:href|src)="(\/_static\/[^"]+)"/g)]
  expect(files.length).toBeGreaterThan(2)
  for (const [, path] of files) expect((await fetch(appliance.url + path)).status).toBe(200)
  expect((await appliance.run("health")).exitCode).toBe(0)
  expect((await appliance.run("orgs", "create", "acme")).exitCode).toBe(0)
  await appliance.stop()
  expect(readdirSync(folder)).toEqual(["sentry-lite"])
})

test("the commands that a first start prints work as they stand there", async () => {
  const dataDir = join(temporaryFolder("printed"), "it's here")
  const appliance = await startAppliance({ dataDir, args: ["--data", dataDir] })
  const printed = () => appliance.logs().match(/^ {2}\S+ --data .+$/gm) ?? []
  await until("the way on the command line is printed", () => printed().length === 3)
  for (const line of printed()) {
    const answered = line.replace("--superuser", "--superuser --email a@example.com --no-password")
    const { exitCode, stderr } = await runCommand(["sh", "-c", answered], {})
    expect([answered, exitCode, stderr]).toEqual([answered, 0, stderr])
  }
  expect((await appliance.run("projects", "list")).stdout).toContain("backend")
})
