import { chown, mkdir } from "node:fs/promises"
import { join } from "node:path"
import { connect } from "#platform/db.ts"
import { freePort, temporaryFolder, until } from "../../test/support/services.ts"

/** What most fleets will meet first: the oldest that is supported, as Debian packs it. */
const POSTGRES_PROGRAMS = "/usr/lib/postgresql/15/bin"
const NOBODY = 65_534

/** As an operator would set them for a machine of this size; a commit that was answered is on the disk. */
const POSTGRES_SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  shared_buffers: "512MB",
  max_wal_size: "2GB",
  checkpoint_timeout: "15min",
  jit: "off",
}
const REDIS_SETTINGS = ["--appendonly", "yes", "--appendfsync", "everysec", "--save", ""]

export type FleetServices = {
  databaseUrl: string
  redisUrl: string
  pids: number[]
  stop(): Promise<void>
}

/** A PostgreSQL and a Redis that keep what they are told, on free ports, in a folder that goes with this process. */
export async function startFleetServices(): Promise<FleetServices> {
  const folder = temporaryFolder("table")
  const postgres = await startPostgres(join(folder, "postgres"))
  const redis = await startRedis(join(folder, "redis"))
  return {
    databaseUrl: postgres.url,
    redisUrl: redis.url,
    pids: [postgres.process.pid, redis.process.pid],
    stop: async () => {
      // SIGINT: PostgreSQL's fast shutdown.
      postgres.process.kill("SIGINT")
      redis.process.kill("SIGTERM")
      await Promise.all([postgres.process.exited, redis.process.exited])
    },
  }
}

async function startPostgres(folder: string) {
  // PostgreSQL refuses root.
  const isRoot = process.getuid?.() === 0
  const spawn = {
    stdio: ["ignore", "ignore", "ignore"],
    cwd: "/",
    env: { LC_ALL: "C" },
    ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
  } satisfies Parameters<typeof Bun.spawn>[1]
  await mkdir(folder, { mode: 0o700 })
  if (isRoot) await chown(folder, NOBODY, NOBODY)
  const words = ["-D", folder, "-U", "postgres", "--auth", "trust", "--encoding", "UTF8"]
  const made = Bun.spawn([`${POSTGRES_PROGRAMS}/initdb`, ...words, "--no-sync"], spawn)
  if ((await made.exited) !== 0) throw new Error(`${POSTGRES_PROGRAMS}/initdb failed`)

  const port = await freePort()
  const settings = Object.entries({ ...POSTGRES_SETTINGS, port }).flatMap(([name, value]) => [
    "-c",
    `${name}=${value}`,
  ])
  const started = Bun.spawn([`${POSTGRES_PROGRAMS}/postgres`, "-D", folder, ...settings], spawn)
  const url = `postgres://postgres@127.0.0.1:${port}`
  await until("PostgreSQL", () => makeDatabase(url))
  return { url: `${url}/sentry_lite`, process: started }
}

async function makeDatabase(url: string): Promise<boolean> {
  const sql = connect(`${url}/postgres`, { max: 1 })
  try {
    await sql`create database sentry_lite`
    return true
  } finally {
    await sql.end({ timeout: 1 })
  }
}

async function startRedis(folder: string) {
  await mkdir(folder)
  const port = await freePort()
  const words = ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", folder, ...REDIS_SETTINGS]
  const started = Bun.spawn(["redis-server", ...words], {
    stdio: ["ignore", "ignore", "ignore"],
  })
  await until("Redis", async () => {
    const socket = await Bun.connect({ hostname: "127.0.0.1", port, socket: { data() {} } })
    socket.end()
    return true
  })
  return { url: `redis://127.0.0.1:${port}`, process: started }
}
