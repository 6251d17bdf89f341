import { join } from "node:path"
import type { Log } from "#platform/log.ts"
import { enterDataFolder } from "./data-folder.ts"
import { lockFolder } from "./folder-lock.ts"
import { type KeptPostgres, keepPostgres } from "./kept-postgres.ts"
import { type KeptProcess, keepProcess } from "./kept-process.ts"
import { requireFreePort } from "./port.ts"
import { applianceSecretKey } from "./secret-key.ts"
import { stopSignals } from "./stop-signals.ts"

type Environment = Record<string, string | undefined>

export type SuperviseOptions = {
  dataDirectory: string
  /** An external PostgreSQL; "" starts the one inside this program. */
  databaseUrl: string
  /** The configured secret key; "" takes the data folder's own, made at the first start. */
  secretKey: string
  bind: { host: string; port: number }
  /** How many of each; always one cron. */
  web: number
  worker: number
  /** Words between the program's name and `run web`: --config and the like. */
  globalArguments: string[]
  /** What the children get: this process's own environment and what the command line adds to it. */
  environment: Environment
  /** On SIGHUP: the same, after reading the configuration once more. */
  reload(): Environment
  /** Milliseconds each role has to finish what it holds. */
  drainMs: number
  log: Log
  /** Brings the schema up to date. */
  upgrade(databaseUrl: string): Promise<void>
  /** All are at work: says where to go on. */
  onReady(databaseUrl: string): Promise<void>
}

/**
 * `run all`: PostgreSQL, then web, worker and cron as processes of this same executable; starts again
 * what dies, and stops all in order on SIGTERM, SIGINT, or SIGHUP of a terminal. A second signal ends all at once.
 * Resolves after the stop. Throws FolderInUse when another one works in the data folder, and
 * AppError when something does not start.
 */
export async function superviseAll(options: SuperviseOptions): Promise<void> {
  const { log } = options
  const folder = enterDataFolder(options.dataDirectory)
  process.chdir(folder)
  const lock = await lockFolder(folder, "run all")
  const running: Running = { postgres: null, processes: [] }
  const signals = stopSignals(
    () => killAll(running),
    () => reloadAll(running, options.reload()),
  )
  try {
    await requireFreePort(options.bind)
    if (options.databaseUrl === "") {
      await unpackAside(folder, options.environment)
      running.postgres = await keepPostgres(folder, log)
    }
    const databaseUrl = running.postgres?.url ?? options.databaseUrl
    await options.upgrade(databaseUrl)
    const secretKey = options.secretKey || applianceSecretKey(folder)
    if (!signals.stopped) {
      running.processes = startProcesses({ ...options, databaseUrl, secretKey }, folder)
      await Promise.race([Promise.all(running.processes.map(({ ready }) => ready)), signals.stop])
    }
    if (!signals.stopped) await options.onReady(databaseUrl)
    await signals.stop
    log.info("stopping")
  } finally {
    await stopAll(running, options.drainMs)
    signals.release()
    lock.release()
  }
}

/**
 * The 16 MB of this executable that hold PostgreSQL stay in the memory of whoever read them: a process that ends does it. Its
 * failure is not ours: starting PostgreSQL tries once more, and says what is wrong.
 */
async function unpackAside(folder: string, environment: Environment): Promise<void> {
  const unpacking = Bun.spawn([...ownProgram(), UNPACK_COMMAND], {
    cwd: folder,
    env: { ...environment, SENTRY_LITE_DATA: folder },
    stdio: ["ignore", "ignore", "ignore"],
  })
  await unpacking.exited
}

/** A command for ourselves, which --help does not tell of. */
export const UNPACK_COMMAND = "unpack-postgres"

type Running = { postgres: KeptPostgres | null; processes: RoleProcess[] }
type RoleProcess = KeptProcess & { environmentOf(given: Environment): Environment }

function reloadAll({ processes }: Running, environment: Environment): void {
  for (const each of processes) each.reload(each.environmentOf(environment))
}

const ROLES = ["web", "worker", "cron"] as const
type Role = (typeof ROLES)[number]

function startProcesses(options: SuperviseOptions, folder: string): RoleProcess[] {
  const counts: Record<Role, number> = { web: options.web, worker: options.worker, cron: 1 }
  return ROLES.flatMap((role) => {
    const environmentOf = (given: Environment) => ({
      ...given,
      HOME: folder,
      SENTRY_LITE_DATA: folder,
      DATABASE_URL: options.databaseUrl,
      SENTRY_SECRET_KEY: options.secretKey,
      ...(role === "web" && options.web > 1 && SHARED_PORT),
    })
    return Array.from({ length: counts[role] }, (_, index) => {
      const kept = keepProcess({
        name: counts[role] > 1 ? `${role} ${index + 1}` : role,
        command: [...ownProgram(), ...options.globalArguments, "run", role],
        folder,
        environment: environmentOf(options.environment),
        log: options.log,
      })
      return { ...kept, environmentOf }
    })
  })
}

/** Tells `run web` that it is one of several on its port. */
export const SHARED_PORT = { SENTRY_LITE_SHARED_PORT: "1" }

/**
 * /proc/self/exe rather than a path: after root's rights are gone, the path may lead through a folder
 * (as /root) that is closed to us. From the sources, Bun runs the same main file; it would look for the settings
 * of JSX in the folder it stands in, which is the data folder for a child.
 */
export function ownProgram(): string[] {
  if (Bun.main.startsWith("/$bunfs/")) return ["/proc/self/exe"]
  const settings = join(import.meta.dir, "../../tsconfig.json")
  const words = process.execArgv.filter((word) => !word.startsWith("--tsconfig-override"))
  return ["/proc/self/exe", ...words, `--tsconfig-override=${settings}`, Bun.main]
}

async function stopAll({ postgres, processes }: Running, drainMs: number): Promise<void> {
  for (const role of ROLES) {
    const ofRole = processes.filter(({ name }) => name.split(" ")[0] === role)
    await Promise.all(ofRole.map((each) => each.stop(drainMs)))
  }
  await postgres?.stop()
}

function killAll({ postgres, processes }: Running): void {
  for (const each of processes) each.kill()
  postgres?.kill()
  process.exit(130)
}
