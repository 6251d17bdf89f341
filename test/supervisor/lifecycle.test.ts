import { expect, test } from "bun:test"
import { stat } from "node:fs/promises"
import { join } from "node:path"
import { type Appliance, startAppliance } from "../support/executable.ts"
import { sendSignal } from "../support/processes.ts"
import { until } from "../support/services.ts"

const TIMEOUT_MS = 120_000

async function pidOf(appliance: Appliance, role: string): Promise<number> {
  const found = (await appliance.processes()).find((each) => each.role === role)
  if (!found) throw new Error(`no ${role} is running`)
  return found.pid
}

async function organizationsOf(appliance: Appliance): Promise<string> {
  const { stdout, stderr, exitCode } = await appliance.run("orgs", "list")
  expect({ stderr, exitCode }).toMatchObject({ exitCode: 0 })
  return stdout
}

async function isHealthy(appliance: Appliance): Promise<boolean> {
  return (await fetch(`${appliance.url}/_health/`)).ok
}

test(
  "Ctrl-C ends every process, and the next start finds the data",
  async () => {
    const first = await startAppliance()
    expect((await first.run("orgs", "create", "acme")).exitCode).toBe(0)
    first.supervisor.signal("SIGINT")
    await first.supervisor.ended
    expect(await first.processes()).toEqual([])

    const second = await startAppliance({ dataDir: first.dataDir })
    expect(await organizationsOf(second)).toContain("acme")
    await second.stop()
    expect(await second.processes()).toEqual([])
  },
  TIMEOUT_MS,
)

test(
  "after kill -9 of everything the next start recovers by itself",
  async () => {
    const first = await startAppliance()
    expect((await first.run("orgs", "create", "acme")).exitCode).toBe(0)
    await first.kill()

    const second = await startAppliance({ dataDir: first.dataDir })
    expect(await organizationsOf(second)).toContain("acme")
    await second.stop()
  },
  TIMEOUT_MS,
)

test(
  "when the supervisor alone is killed its roles end, and the next start takes over from its PostgreSQL",
  async () => {
    const first = await startAppliance()
    first.supervisor.signal("SIGKILL")
    await until("the roles are gone", async () =>
      (await first.processes()).every(({ role }) => role === "postgres"),
    )
    const second = await startAppliance({ dataDir: first.dataDir })
    expect(await organizationsOf(second)).toBeString()
    await second.stop()
    expect(await second.processes()).toEqual([])
  },
  TIMEOUT_MS,
)

test(
  "whatever is killed is started again",
  async () => {
    const appliance = await startAppliance()
    for (const role of ["worker", "web", "cron"]) {
      const killed = await pidOf(appliance, role)
      sendSignal(killed, "SIGKILL")
      await until(`another ${role}`, async () => (await pidOf(appliance, role)) !== killed)
    }
    await until("web answers again", () => isHealthy(appliance))

    for (const { pid, role } of await appliance.processes()) {
      if (role === "postgres") sendSignal(pid, "SIGKILL")
    }
    await until("PostgreSQL answers again", async () => {
      return (await appliance.run("orgs", "list")).exitCode === 0
    })
    await appliance.stop()
    expect(await appliance.processes()).toEqual([])
  },
  TIMEOUT_MS,
)

test(
  "a stop that comes while PostgreSQL is being started again ends everything",
  async () => {
    const appliance = await startAppliance()
    for (const { pid, role } of await appliance.processes()) {
      if (role === "postgres") sendSignal(pid, "SIGKILL")
    }
    await until("the restart", () => appliance.logs().includes("PostgreSQL ended by itself"))
    await appliance.stop()
    expect(await appliance.processes()).toEqual([])
  },
  TIMEOUT_MS,
)

test(
  "a second supervisor on the same folder is refused with exit code 5",
  async () => {
    const appliance = await startAppliance()
    const second = await appliance.run("run", "all", "--port", "0")
    expect(second.exitCode).toBe(5)
    expect(second.stderr).toContain(`another sentry-lite uses ${appliance.dataDir}`)
    expect(second.stderr).toContain(String(appliance.supervisor.pid))
    expect(await isHealthy(appliance)).toBe(true)
    await appliance.stop()
  },
  TIMEOUT_MS,
)

test(
  "a port that somebody else has is named, and nothing is left running",
  async () => {
    using other = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: () => new Response("not yours", { status: 404 }),
    })
    const error = await startAppliance({ port: other.port ?? 0 }).catch((reason) => reason)
    expect(error).toBeInstanceOf(Error)
    expect(String(error)).toContain(`port ${other.port}`)
  },
  TIMEOUT_MS,
)

test(
  "a command on a stopped appliance starts PostgreSQL for itself and stops it again",
  async () => {
    const appliance = await startAppliance()
    await appliance.stop()
    expect((await appliance.run("orgs", "create", "acme")).exitCode).toBe(0)
    expect(await organizationsOf(appliance)).toContain("acme")
    expect(await appliance.processes()).toEqual([])
  },
  TIMEOUT_MS,
)

test(
  "a data folder with a path too long for a socket works, and its secret key is for its owner alone",
  async () => {
    const short = await startAppliance()
    await short.stop()
    const deep = join(short.dataDir, "deep".repeat(30))
    // Made by the program, inside a folder of the user it runs as.
    const long = await startAppliance({ dataDir: deep })
    expect((await long.run("orgs", "create", "acme")).exitCode).toBe(0)
    expect(await organizationsOf(long)).toContain("acme")
    expect((await stat(join(deep, "secret-key"))).mode & 0o777).toBe(0o600)
    await long.stop()
  },
  TIMEOUT_MS,
)
