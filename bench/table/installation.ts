import { connect, type Sql } from "#platform/db.ts"
import { embeddedUrl } from "#platform/postgres/server.ts"
import { launchAppliance, launchFleet, type Started } from "../../test/support/executable.ts"
import { startFleetServices } from "./services.ts"

export type Shape = "appliance" | "fleet"

/** A running program with one organization, of the shape's smallest size: one web, one worker, one cron. */
export type Installation = {
  shape: Shape
  sql: Sql
  /** The processes that everything else descends from. */
  pids: number[]
  /** Makes a project; returns its DSN. */
  createProject(slug: string): Promise<string>
  stop(): Promise<void>
}

const ORGANIZATION = "bench"
const QUIET = { SENTRY_LOG_LEVEL: "WARNING" }

/** `program`: path of the compiled executable. */
export async function install(shape: Shape, program: string): Promise<Installation> {
  const { started, url, pids, stop } = await launch[shape](program)
  const run = async (...command: string[]) => {
    const { exitCode, stdout, stderr } = await started.run(...command)
    if (exitCode !== 0) throw new Error(`${command.join(" ")}: ${stderr}`)
    return stdout.trim()
  }
  await run("orgs", "create", ORGANIZATION)
  const sql = connect(url, { max: 1, applicationName: "bench" })
  return {
    shape,
    sql,
    pids,
    createProject: async (slug) => {
      const dsn = await run("projects", "create", slug, "--org", ORGANIZATION, "--dsn-only")
      // A fleet does not know its address until somebody configures one.
      return Object.assign(new URL(dsn), { host: new URL(started.url).host }).href
    },
    stop: async () => {
      await sql.end({ timeout: 1 })
      await stop()
    },
  }
}

type Launched = { started: Started; url: string; pids: number[]; stop(): Promise<void> }

const launch: Record<Shape, (program: string) => Promise<Launched>> = {
  async appliance(program) {
    const started = await launchAppliance({ program, env: QUIET })
    const url = await embeddedUrl(started.dataDir)
    return { started, url, pids: [started.supervisor.pid], stop: started.stop }
  },
  async fleet(program) {
    const services = await startFleetServices()
    // The way in which the tests, too, are told which executable to use.
    process.env.TEST_EXECUTABLE = program
    const started = await launchFleet(services, { web: 1, workers: 1, crons: 1, env: QUIET })
    return {
      started,
      url: services.databaseUrl,
      pids: [...services.pids, ...started.members.map(({ pid }) => pid)],
      stop: async () => {
        await started.stop()
        await services.stop()
      },
    }
  },
}
