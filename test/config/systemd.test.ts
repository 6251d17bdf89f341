import { expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { $, Glob } from "bun"

const FOLDER = join(import.meta.dir, "../../config/systemd")
const units = [...new Glob("*.service").scanSync(FOLDER)].sort()
const hasSystemd = Bun.which("systemd-analyze") !== null

test("there is a unit for each way to run", () => {
  expect(units).toEqual([
    "sentry-lite-cron.service",
    "sentry-lite-web@.service",
    "sentry-lite-worker@.service",
    "sentry-lite.service",
  ])
})

test.if(hasSystemd).each(units)("%s is understood by systemd", async (unit) => {
  const folder = mkdtempSync(join(tmpdir(), "sl-units-"))
  const instance = unit.replace("@.", "@1.")
  const text = await Bun.file(join(FOLDER, unit)).text()
  // The executable is not installed here.
  await Bun.write(join(folder, instance), text.replace("/usr/bin/sentry-lite", "/bin/true"))
  const { stderr, exitCode } = await $`systemd-analyze verify ${folder}/${instance}`
    .nothrow()
    .quiet()
  rmSync(folder, { recursive: true })
  expect({ exitCode, complaints: stderr.toString() }).toEqual({ exitCode: 0, complaints: "" })
})

test.if(hasSystemd).each(units)("%s is hardened to 1.2 or better", async (unit) => {
  const path = join(FOLDER, unit)
  const { exitCode } = await $`systemd-analyze security --offline=yes --threshold=12 ${path}`
    .nothrow()
    .quiet()
  expect(exitCode).toBe(0)
})
