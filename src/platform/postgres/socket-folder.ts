import { lstat, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** A socket's path has at most 107 bytes; `/.s.PGSQL.5432` and a margin come off. */
const LONGEST_FOLDER_BYTES = 90

/** Names the folder in use, when it is not `run` itself. */
const NOTE = "socket-folder"

/** The folder of PostgreSQL's socket: `<folder>/run`, or a private one below /tmp when that path is too long. */
export async function prepareSocketFolder(folder: string): Promise<string> {
  const run = join(folder, "run")
  await mkdir(run, { recursive: true, mode: 0o700 })
  if (Buffer.byteLength(run) <= LONGEST_FOLDER_BYTES) return run

  const noted = await notedFolder(run)
  if (noted && (await isPrivate(noted))) return noted
  const made = await mkdtemp(join(tmpdir().length < 40 ? tmpdir() : "/tmp", "sentry-lite-"))
  await writeFile(join(run, NOTE), made, { mode: 0o600 })
  return made
}

/** After a kill -9 its lock file may name a process that is somebody else's by now. No server runs here. */
export async function removeStaleSocket(socketFolder: string): Promise<void> {
  for (const name of [".s.PGSQL.5432", ".s.PGSQL.5432.lock"]) {
    await rm(join(socketFolder, name), { force: true })
  }
}

/** Takes the private folder away again after a stop; `run` stays. */
export async function releaseSocketFolder(folder: string, socketFolder: string): Promise<void> {
  const run = join(folder, "run")
  if (socketFolder === run) return
  await rm(socketFolder, { recursive: true, force: true })
  await rm(join(run, NOTE), { force: true })
}

/** Where a running PostgreSQL of this folder listens. */
export async function findSocketFolder(folder: string): Promise<string> {
  const run = join(folder, "run")
  return Buffer.byteLength(run) <= LONGEST_FOLDER_BYTES ? run : ((await notedFolder(run)) ?? run)
}

async function notedFolder(run: string): Promise<string | null> {
  return await readFile(join(run, NOTE), "utf8").catch(() => null)
}

/** /tmp is everybody's: a folder that vanished may have been made again by a stranger. */
async function isPrivate(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null)
  return Boolean(
    found?.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0,
  )
}
