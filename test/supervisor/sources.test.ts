import { expect, setDefaultTimeout, test } from "bun:test"
import { statSync } from "node:fs"
import { dirname, join } from "node:path"
import { startAppliance } from "../support/executable.ts"

setDefaultTimeout(60_000)

const MAIN = join(import.meta.dir, "../../src/main.ts")

/** As root the program works as another user, who must be able to read the sources. */
function areReadableByAll(path: string): boolean {
  const isOpen = (statSync(path).mode & 0o005) === 0o005
  return path === "/" ? isOpen : isOpen && areReadableByAll(dirname(path))
}

test.skipIf(process.getuid?.() === 0 && !areReadableByAll(dirname(MAIN)))(
  "run all works from the sources, whatever folder it is started in",
  async () => {
    const appliance = await startAppliance({ wrapper: [process.execPath], program: MAIN })
    const login = await fetch(`${appliance.url}/auth/login/`)
    expect(login.status).toBe(200)
    expect(await login.text()).toContain("<html")
    expect(appliance.logs()).not.toContain("starting it again")
    await appliance.stop()
    expect(await appliance.processes()).toEqual([])
  },
)
