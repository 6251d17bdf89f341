import { afterAll } from "bun:test"
import { existsSync } from "node:fs"
import { stat } from "node:fs/promises"
import { join } from "node:path"
import { Glob } from "bun"
import { testDatabase } from "./database.ts"
import {
  type CommandResult,
  type Environment,
  processesOf,
  type RunningProcess,
  runCommand,
  sendSignal,
  startProcess,
} from "./processes.ts"
import { testRedis } from "./redis.ts"
import { freePort, temporaryFolder, until } from "./services.ts"

const root = join(import.meta.dir, "../..")

/** Path of the compiled program; built first when the sources are newer. scripts/test has built it already. */
export async function executable(): Promise<string> {
  if (process.env.TEST_EXECUTABLE) return process.env.TEST_EXECUTABLE
  const path = join(root, "dist/sentry-lite")
  if (!(await isCurrent(path))) {
    const built = Bun.spawnSync([process.execPath, join(root, "scripts/build.ts")], { cwd: root })
    if (!built.success) throw new Error(`the build failed:\n${built.stdout}${built.stderr}`)
  }
  return path
}

async function isCurrent(path: string): Promise<boolean> {
  if (!existsSync(path)) return false
  const builtAt = (await stat(path)).mtimeMs
  for await (const name of new Glob("{src,sql,scripts}/**/*").scan(root)) {
    if ((await stat(join(root, name))).mtimeMs > builtAt) return false
  }
  return true
}

export type Started = {
  /** Address of web, without a slash at the end. */
  url: string
  port: number
  logs(): string
  /** Runs a command of the program against this installation: `run("projects", "list")`. */
  run(...words: string[]): Promise<CommandResult>
  /** As SIGTERM does; resolves when everything has ended. */
  stop(): Promise<void>
}

export type Appliance = Started & {
  dataDir: string
  supervisor: RunningProcess
  /** Pids of everything that belongs to this data folder, by what it is: supervisor, web, worker, cron, postgres. */
  processes(): Promise<{ pid: number; role: string }[]>
  /** Of those that meet what clients send: web and worker. */
  pids(): Promise<number[]>
  /** kill -9 of supervisor, roles and PostgreSQL. */
  kill(): Promise<void>
}

export type ApplianceOptions = {
  env?: Environment
  /** Words behind `run all`. */
  args?: string[]
  /** Starts again on this folder. */
  dataDir?: string
  port?: number
  /** Program and words in front of the executable, as `setpriv …`. */
  wrapper?: string[]
  /** Another copy of the executable. */
  program?: string
}

/** Starts `run all` with the PostgreSQL inside and waits until it is ready; stopped in afterAll. */
export async function startAppliance(options: ApplianceOptions = {}): Promise<Appliance> {
  const appliance = await launchAppliance(options)
  afterAll(appliance.kill)
  return appliance
}

/** The same, which the caller ends. */
export async function launchAppliance(options: ApplianceOptions = {}): Promise<Appliance> {
  const program = options.program ?? (await executable())
  const dataDir = options.dataDir ?? join(temporaryFolder("appliance"), "data")
  const port = options.port ?? (await freePort())
  const env = { ...options.env, SENTRY_LITE_DATA: dataDir }
  const words = ["run", "all", "--port", `${port}`, ...(options.args ?? [])]
  const wrapper = options.wrapper ?? []
  const supervisor = startProcess("run all", [...wrapper, program, ...words], env)
  const processes = () => processesOf(dataDir)
  const appliance: Appliance = {
    url: `http://127.0.0.1:${port}`,
    port,
    dataDir,
    supervisor,
    processes,
    pids: async () =>
      (await processes())
        .filter(({ role }) => role === "web" || role === "worker")
        .map(({ pid }) => pid)
        .sort(),
    logs: supervisor.logs,
    run: (...command) => runCommand([...wrapper, program, ...command], env),
    stop: async () => {
      supervisor.signal("SIGTERM")
      await supervisor.ended
    },
    kill: async () => {
      supervisor.signal("SIGKILL")
      await supervisor.ended
      for (const { pid } of await processes()) sendSignal(pid, "SIGKILL")
      await until("everything killed is gone", async () => (await processes()).length === 0)
    },
  }
  await untilReady(supervisor, appliance.url).catch(async (error) => {
    await appliance.kill()
    throw error
  })
  return appliance
}

export type FleetOptions = { env?: Environment; web?: number; workers?: number; crons?: number }

export type Fleet = Started & {
  databaseUrl: string
  redisUrl: string
  dataDir: string
  /** Address of each web process. */
  urls: string[]
  members: RunningProcess[]
  /** Starts one more `run ROLE` under that name (`web 1`), as after a kill; the port stays the name's. */
  start(role: "web" | "worker" | "cron", name: string): RunningProcess
  /** kill -9 of every member. */
  kill(): Promise<void>
}

/** Two web, two worker, two cron over one PostgreSQL and one Redis of their own; stopped in afterAll. */
export async function startFleet(options: FleetOptions = {}): Promise<Fleet> {
  const [database, redis] = [await testDatabase(), await testRedis()]
  const fleet = await launchFleet({ databaseUrl: database.url, redisUrl: redis.url }, options)
  afterAll(fleet.kill)
  return fleet
}

/** The same over an empty database and a Redis that the caller brings, and ends. */
export async function launchFleet(
  services: { databaseUrl: string; redisUrl: string },
  options: FleetOptions = {},
): Promise<Fleet> {
  const program = await executable()
  const dataDir = temporaryFolder("fleet")
  const env = {
    DATABASE_URL: services.databaseUrl,
    REDIS_URL: services.redisUrl,
    SENTRY_SECRET_KEY: "a secret key that is only good for tests",
    ...options.env,
    SENTRY_LITE_DATA: dataDir,
  }
  const upgraded = await runCommand([program, "upgrade", "--noinput"], env)
  if (upgraded.exitCode !== 0) throw new Error(`upgrade failed:\n${upgraded.stderr}`)

  const ports = await Promise.all(Array.from({ length: options.web ?? 2 }, freePort))
  const urls = ports.map((port) => `http://127.0.0.1:${port}`)
  const members: RunningProcess[] = []
  const start = (role: "web" | "worker" | "cron", name: string) => {
    const index = Number(name.split(" ")[1]) - 1
    const bind = role === "web" ? ["--port", `${ports[index]}`] : []
    const member = startProcess(name, [program, "run", role, ...bind], env)
    members.push(member)
    return member
  }
  const fleet: Fleet = {
    url: urls[0] ?? "",
    urls,
    port: ports[0] ?? 0,
    ...services,
    dataDir,
    members,
    start,
    kill: async () => {
      for (const member of members) member.signal("SIGKILL")
      await Promise.all(members.map((member) => member.ended))
    },
    logs: () => members.map((member) => member.logs()).join(""),
    run: (...command) => runCommand([program, ...command], env),
    stop: async () => {
      for (const member of members) member.signal("SIGTERM")
      await Promise.all(members.map((member) => member.ended))
    },
  }
  const names = (role: string, count: number) =>
    Array.from({ length: count }, (_, i) => `${role} ${i + 1}`)
  const webs = names("web", ports.length).map((name) => start("web", name))
  for (const name of names("worker", options.workers ?? 2)) start("worker", name)
  for (const name of names("cron", options.crons ?? 2)) start("cron", name)
  const ready = Promise.all(webs.map((web, index) => untilReady(web, urls[index] ?? "")))
  await ready.catch(async (error) => {
    await fleet.kill()
    throw error
  })
  return fleet
}

async function untilReady(started: RunningProcess, url: string): Promise<void> {
  let ending: number | string | null = null
  void started.ended.then((how) => {
    ending = how
  })
  try {
    await until(`${started.name} at ${url}`, async () => {
      if (ending !== null) return true
      return (await fetch(`${url}/_health/`)).ok
    })
  } catch (error) {
    throw new Error(`${started.name} is not ready:\n${started.logs()}`, { cause: error })
  }
  if (ending !== null) throw new Error(`${started.name} ended (${ending}):\n${started.logs()}`)
}
