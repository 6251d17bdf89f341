import { chownSync, mkdtempSync, rmSync } from "node:fs"
import { chmod, chown, mkdtemp, readdir, rm } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { connect } from "#platform/db.ts"
import { findPack } from "#platform/postgres/pack.ts"

const NOBODY = 65_534

export type TestServices = { databaseUrl: string; redisUrl: string; stop(): Promise<void> }

/** A PostgreSQL and a Redis of our own, on free ports, in a folder that goes with them. */
export async function startTestServices(): Promise<TestServices> {
  const folder = await mkdtemp(join(tmpdir(), "sentry-lite-test-"))
  await chmod(folder, 0o711)
  const postgres = await startPostgres(folder)
  const redis = await startRedis(folder)
  return {
    databaseUrl: postgres.url,
    redisUrl: redis.url,
    stop: async () => {
      await Promise.all([end(postgres.process, "SIGQUIT"), end(redis.process, "SIGTERM")])
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1")
  await new Promise((resolve) => server.once("listening", resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === "string") throw new Error("no port")
  return address.port
}

/** Asks until the answer is neither false nor an error; fails after `withinMs` with what it waited for. */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  withinMs = 20_000,
): Promise<void> {
  const deadline = Date.now() + withinMs
  let last: unknown = "not yet"
  while (Date.now() < deadline) {
    try {
      if (await holds()) return
    } catch (error) {
      last = error
    }
    await Bun.sleep(20)
  }
  throw new Error(`waited ${withinMs} ms for: ${what}`, { cause: last })
}

/** A folder for a test that goes when the test process does. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `sentry-lite-${name}-`))
  if (process.getuid?.() === 0) chownSync(folder, NOBODY, NOBODY)
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

type Started = { url: string; process: Bun.Subprocess }

/** Nothing of these outlives the run. */
const FORGETFUL = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]

async function startPostgres(folder: string): Promise<Started> {
  const { url, start } = await preparePostgres(folder, FORGETFUL)
  return { url, process: await start() }
}

export type PreparedPostgres = {
  /** Of the server, without a database. */
  url: string
  /** Where all its processes work. */
  cluster: string
  /** Starts the server, also again after it was killed, and resolves when it answers. */
  start(): Promise<Bun.Subprocess>
}

/** Unpacks a PostgreSQL with a fresh cluster below `folder`, on a port of its own; `settings` are `name=value`. */
export async function preparePostgres(
  folder: string,
  settings: string[],
): Promise<PreparedPostgres> {
  const pack = await findPack()
  const tree = join(folder, "postgres")
  await new Bun.Archive(await Bun.zstdDecompress(await pack.bytes())).extract(tree)
  const cluster = join(tree, "cluster")
  await chmod(cluster, 0o700)
  const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
  if (user.uid) await giveAway(cluster)
  await Bun.write(join(cluster, "pg_hba.conf"), "host all all 127.0.0.1/32 trust\n")
  const port = await freePort()
  const own = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=500"]
  const words = [`port=${port}`, ...own, "jit=off", ...settings].flatMap((each) => ["-c", each])
  const url = `postgres://sentry_lite@127.0.0.1:${port}`
  const start = async () => {
    const started = Bun.spawn([join(tree, "programs/bin/postgres"), "-D", cluster, ...words], {
      stdio: ["ignore", "ignore", Bun.file(join(folder, "postgres.log"))],
      cwd: "/",
      env: { LC_ALL: "C" },
      ...user,
    })
    await until("the test PostgreSQL", () => answers(`${url}/postgres`))
    return started
  }
  return { url, cluster, start }
}

async function answers(url: string): Promise<boolean> {
  const sql = connect(url, { max: 1 })
  try {
    await sql`select 1`
    return true
  } finally {
    await sql.end({ timeout: 1 })
  }
}

async function giveAway(folder: string): Promise<void> {
  const names = await readdir(folder, { recursive: true })
  for (const path of [folder, ...names.map((name) => join(folder, name))]) {
    await chown(path, NOBODY, NOBODY)
  }
}

async function startRedis(folder: string): Promise<Started> {
  const port = await freePort()
  const options = ["--port", `${port}`, "--bind", "127.0.0.1", "--databases", "4096", "--save", ""]
  const started = Bun.spawn(["redis-server", ...options, "--appendonly", "no", "--dir", folder], {
    stdio: ["ignore", Bun.file(join(folder, "redis.log")), "inherit"],
  })
  await until("the test Redis", async () => {
    const socket = await Bun.connect({ hostname: "127.0.0.1", port, socket: { data() {} } })
    socket.end()
    return true
  })
  return { url: `redis://127.0.0.1:${port}`, process: started }
}

async function end(started: Bun.Subprocess, signal: NodeJS.Signals): Promise<void> {
  started.kill(signal)
  await started.exited
}
