import { join } from "node:path"
import { embeddedUrl } from "#platform/postgres/server.ts"
import { type Appliance, launchAppliance } from "../executable.ts"
import { sendSignal } from "../processes.ts"
import { temporaryFolder, until } from "../services.ts"
import { freeze, type Installation } from "./installation.ts"

const FROZEN_MS = 4_000

/** `run all` with two workers, so that segments change hands. */
export async function chaoticAppliance(): Promise<Installation> {
  const dataDir = join(temporaryFolder("chaos"), "data")
  const lives: Appliance[] = []
  const launch = async () => {
    const port = lives[0]?.port
    const args = ["--concurrency", "2"]
    lives.push(await launchAppliance({ dataDir, args, ...(port && { port }) }))
  }
  await launch()
  const first = lives[0]!
  const current = () => lives.at(-1)!

  const pidsOf = async (role: string) =>
    (await first.processes()).filter((each) => each.role === role).map(({ pid }) => pid)
  /** What was killed before may still wait to be started again. */
  const somePid = async (role: string) => {
    let pids: number[] = []
    await until(`a ${role} to strike`, async () => {
      pids = await pidsOf(role)
      return pids.length > 0
    })
    return pids
  }
  const kill = async (role: string) => {
    const [pid = 0] = await somePid(role)
    sendSignal(pid, "SIGKILL")
  }
  const fault = (name: string, strike: () => Promise<void>) => ({ name, strike })
  return {
    shape: "appliance",
    databaseUrl: await embeddedUrl(dataDir),
    spoolDirectory: join(dataDir, "spool"),
    redisUrl: null,
    webs: [{ host: "127.0.0.1", port: first.port }],
    run: first.run,
    logs: () => lives.map((life) => life.logs()).join(""),
    end: () => current().kill(),
    faults: [
      fault("kill web", () => kill("web")),
      fault("kill a worker", () => kill("worker")),
      fault("kill both workers", async () => {
        for (const pid of await somePid("worker")) sendSignal(pid, "SIGKILL")
      }),
      fault("kill cron", () => kill("cron")),
      fault("kill PostgreSQL", async () => {
        for (const pid of await somePid("postgres")) sendSignal(pid, "SIGKILL")
      }),
      fault("freeze a worker", async () => {
        const [pid = 0] = await somePid("worker")
        await freeze(pid, FROZEN_MS)
      }),
      fault("kill the supervisor", async () => {
        current().supervisor.signal("SIGKILL")
        await current().supervisor.ended
        await launch()
      }),
      fault("kill everything", async () => {
        await current().kill()
        await launch()
      }),
    ],
  }
}
