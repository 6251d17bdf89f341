import { existsSync } from "node:fs"
import { readFile, rename, writeFile } from "node:fs/promises"
import { totalmem } from "node:os"
import { join } from "node:path"
import { connect } from "../db.ts"
import { AppError } from "../errors.ts"
import type { Log } from "../log.ts"
import { appendBounded } from "./bounded-log.ts"
import { findPack, type Pack } from "./pack.ts"
import { OWN_SETTINGS, settingsText } from "./settings.ts"
import {
  findSocketFolder,
  prepareSocketFolder,
  releaseSocketFolder,
  removeStaleSocket,
} from "./socket-folder.ts"
import { endSurvivors } from "./survivors.ts"
import { removeOtherPrograms, unpack } from "./unpack.ts"

/** Names the cluster in the pack was made with; see scripts/postgres-pack.ts. */
const USER = "sentry_lite"
const DATABASE = "sentry_lite"

const LOG_BYTES = 8 * 1024 * 1024
const FAST_SHUTDOWN_MS = 20_000
/** How long a command waits for an appliance that is just starting. */
const STARTING_MS = 30_000
/** How often a slow start (crash recovery reads the log of the last minutes) is mentioned. */
const PATIENCE_MS = 10_000

/** No socket yet, nobody behind it, "the database system is starting up" (or going down, or recovering). */
const NOT_YET = new Set(["ENOENT", "ECONNREFUSED", "CONNECTION_CLOSED", "CONNECT_TIMEOUT", "57P03"])

export type EmbeddedPostgres = {
  url: string
  /** Resolves when the server has ended, asked or not. */
  exited: Promise<void>
  /** Ends connections, writes everything down, ends. Never throws. */
  stop(): Promise<void>
  /** Ends it at once; the next start recovers. */
  kill(): void
}

/** Address of the PostgreSQL that somebody else runs in this data folder; waits while it is still starting. */
export async function embeddedUrl(folder: string): Promise<string> {
  const deadline = Date.now() + STARTING_MS
  for (;;) {
    const url = urlOf(await findSocketFolder(folder))
    if (await answers(url)) return url
    if (Date.now() > deadline) {
      throw new AppError("unavailable", `the PostgreSQL of ${folder} does not answer`)
    }
    await Bun.sleep(50)
  }
}

/** Lays the programs and the cluster out in the data folder, unless they lie there. The caller holds the folder's lock. */
export async function unpackPostgres(folder: string): Promise<void> {
  await unpack(folder, await findPack())
}

/**
 * Starts the PostgreSQL inside this program on `<folder>/pgdata` and resolves when it answers. The
 * caller holds the folder's lock and is not root, whom PostgreSQL refuses. Whatever an earlier run
 * left behind is cleared away or recovered from first.
 */
export async function startEmbedded(folder: string, log: Log): Promise<EmbeddedPostgres> {
  const pack = await findPack()
  const { programs, cluster } = await unpack(folder, pack)
  const { ended } = await endSurvivors(cluster)
  if (ended > 0) log.warn({ ended }, "ended a PostgreSQL that an earlier run left behind")
  const socketFolder = await prepareSocketFolder(folder)
  await removeStaleSocket(socketFolder)
  await writeSettings(cluster, socketFolder)

  const server = spawnServer(programs, cluster)
  const logPath = join(folder, "postgres.log")
  void appendBounded(server.stderr, logPath, LOG_BYTES).catch((error) =>
    log.error({ err: error }, "postgres.log cannot be written"),
  )
  const url = urlOf(socketFolder)
  await answered(server, url, { cluster, log, logPath })
  void tidy(folder, pack, log)
  return {
    url,
    exited: server.exited.then(() => {}),
    stop: async () => {
      await stopServer(server)
      await releaseSocketFolder(folder, socketFolder)
    },
    kill: () => server.kill("SIGQUIT"),
  }
}

type Server = Bun.Subprocess<"ignore", "ignore", "pipe">

function spawnServer(programs: string, cluster: string): Server {
  return Bun.spawn([join(programs, "bin/postgres"), "-D", cluster], {
    stdio: ["ignore", "ignore", "pipe"],
    cwd: cluster,
    env: { LC_ALL: "C", PATH: "/usr/bin:/bin" },
    // Its own process group: Ctrl-C in a terminal must not reach it before those who use it.
    detached: true,
  })
}

async function writeSettings(cluster: string, socketFolder: string): Promise<void> {
  const path = join(cluster, "postgresql.conf")
  const text = settingsText({
    socketFolder,
    memoryBytes: memoryBytes(),
    hasOwn: existsSync(join(cluster, OWN_SETTINGS)),
  })
  await writeFile(`${path}.draft`, text, { mode: 0o600 })
  await rename(`${path}.draft`, path)
}

/** A container's limit where there is one. */
function memoryBytes(): number {
  const limit = process.constrainedMemory()
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem()
}

async function answered(
  server: Server,
  url: string,
  context: { cluster: string; log: Log; logPath: string },
): Promise<void> {
  const startedAt = Date.now()
  let mentionedAt = startedAt
  while (!((await isReady(context.cluster)) && (await answers(url)))) {
    if (server.exitCode !== null || server.signalCode !== null) {
      throw new AppError("unavailable", `PostgreSQL does not start, see ${context.logPath}`)
    }
    if (Date.now() - mentionedAt > PATIENCE_MS) {
      mentionedAt = Date.now()
      context.log.info(
        { seconds: Math.round((mentionedAt - startedAt) / 1000), log: context.logPath },
        "PostgreSQL is still recovering",
      )
    }
    await Bun.sleep(15)
  }
}

/** The postmaster's own word, asked first: a connection that comes too early is a line in its log. */
async function isReady(cluster: string): Promise<boolean> {
  const text = await readFile(join(cluster, "postmaster.pid"), "utf8").catch(() => "")
  return text.split("\n")[7]?.trim() === "ready"
}

async function answers(url: string): Promise<boolean> {
  const sql = connect(url, { max: 1 })
  try {
    await sql`select 1`
    return true
  } catch (error) {
    if (NOT_YET.has((error as { code?: string }).code ?? "")) return false
    throw error
  } finally {
    await sql.end({ timeout: 1 }).catch(() => {})
  }
}

async function stopServer(server: Server): Promise<void> {
  server.kill("SIGINT")
  if (await endedWithin(server, FAST_SHUTDOWN_MS)) return
  server.kill("SIGQUIT")
  if (await endedWithin(server, 5_000)) return
  server.kill("SIGKILL")
  await server.exited
}

async function endedWithin(server: Server, ms: number): Promise<boolean> {
  const patience = Promise.withResolvers<false>()
  const timer = setTimeout(() => patience.resolve(false), ms)
  const ended = await Promise.race([server.exited.then(() => true), patience.promise])
  clearTimeout(timer)
  return ended
}

async function tidy(folder: string, pack: Pack, log: Log): Promise<void> {
  try {
    await removeOtherPrograms(folder, pack)
  } catch (error) {
    log.warn({ err: error }, "programs of an earlier version stay on the disk")
  }
}

function urlOf(socketFolder: string): string {
  return `postgres://${USER}@localhost/${DATABASE}?host=${encodeURIComponent(socketFolder)}`
}
