import { expect, test } from "bun:test"
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { chmod, copyFile, mkdir, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { executable, startAppliance } from "../support/executable.ts"
import { runCommand } from "../support/processes.ts"
import { temporaryFolder } from "../support/services.ts"

const isRoot = process.getuid?.() === 0
const NOBODY = 65_534
const TIMEOUT_MS = 120_000

/** A user that no passwd file knows. */
const STRANGER = 54_321
const asUser = (uid: number) => ["setpriv", `--reuid=${uid}`, `--regid=${uid}`, "--clear-groups"]

async function copyOfProgram(folder: string): Promise<string> {
  const path = join(folder, "sentry-lite")
  await copyFile(await executable(), path)
  await chmod(path, 0o755)
  return path
}

test.skipIf(!isRoot)(
  "started by root, from a folder closed to others, everything runs as an unprivileged user",
  async () => {
    const closed = mkdtempSync(join(tmpdir(), "sentry-lite-closed-"))
    try {
      const appliance = await startAppliance({ program: await copyOfProgram(closed) })
      const processes = await appliance.processes()
      const roles = new Set(processes.map(({ role }) => role))
      expect([...roles].sort()).toEqual(["cron", "postgres", "supervisor", "web", "worker"])
      for (const { pid } of processes) expect((await stat(`/proc/${pid}`)).uid).toBe(NOBODY)
      await appliance.stop()
    } finally {
      rmSync(closed, { recursive: true })
    }
  },
  TIMEOUT_MS,
)

test.skipIf(!isRoot)(
  "a user without a passwd entry can run it, and anybody else is told what to type",
  async () => {
    const folder = temporaryFolder("users")
    await chmod(folder, 0o777)
    const program = await copyOfProgram(folder)
    const appliance = await startAppliance({
      program,
      dataDir: join(folder, "data"),
      wrapper: asUser(STRANGER),
    })
    const env = { SENTRY_LITE_DATA: appliance.dataDir }
    const other = await runCommand([...asUser(NOBODY), program, "orgs", "list"], env)
    expect(other.exitCode).toBe(4)
    expect(other.stderr).toContain(`sudo -u '#${STRANGER}' ${program} orgs list`)

    const root = await runCommand([program, "orgs", "list"], env)
    expect(root).toMatchObject({ exitCode: 0 })
    await appliance.stop()
  },
  TIMEOUT_MS,
)

test.skipIf(!isRoot)(
  "a folder that the unprivileged user cannot reach is refused, not made",
  async () => {
    const closed = mkdtempSync(join(tmpdir(), "sentry-lite-closed-"))
    try {
      const data = join(closed, "data")
      const refused = await runCommand([await executable(), "orgs", "list"], {
        SENTRY_LITE_DATA: data,
      })
      expect(refused.exitCode).toBe(4)
      expect(refused.stderr).toContain(`because ${closed} is closed to others`)
      expect(existsSync(data)).toBe(false)
    } finally {
      rmSync(closed, { recursive: true })
    }
  },
)

test.skipIf(!isRoot)("root's folder with other things in it is not taken over", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sentry-lite-full-"))
  try {
    await chmod(folder, 0o755)
    await mkdir(join(folder, "photos"))
    const refused = await runCommand([await executable(), "run", "all"], {
      SENTRY_LITE_DATA: folder,
    })
    expect(refused.exitCode).not.toBe(0)
    expect(refused.stderr).toContain("photos")
    expect((await stat(folder)).uid).toBe(0)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
