import { chownSync, mkdirSync, readdirSync, realpathSync, statSync } from "node:fs"
import { dirname, resolve } from "node:path"
import { AppError, messageOf } from "#platform/errors.ts"
import { commandLine } from "./command-line.ts"
import { become, chooseUser, isRoot, type OsUser, userNamed, userOf } from "./os-user.ts"

/** What a folder may hold and still be taken over from root: what we, an operator or a file system put there. */
const OURS = new Set([
  ...["pgdata", "postgres", "postgres.log", "run", "lock", "secret-key", "spool", "blobs"],
  ...["config.yml", "conf.d", "lost+found"],
])

/**
 * Makes the data folder if need be and returns its real path. As root, hands it to the user who will
 * work in it (its owner; else sentry-lite, else nobody) and becomes that user for good: neither
 * PostgreSQL nor anything that reads what strangers send runs as root. Throws `unavailable`, with the line
 * to type, when the folder belongs to somebody else.
 */
export function enterDataFolder(path: string): string {
  const user = isRoot() ? chooseUser(ownerOf(path)) : null
  if (user) requireReachable(path, user)
  const folder = makeFolder(path)
  // Files below are for nobody else, whatever the shell's umask says.
  process.umask(0o077)
  if (user) {
    handOver(folder, user)
    become(user)
  }
  requireOwn(folder)
  return folder
}

/** Root's, when it is still to be made. */
function ownerOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.uid ?? 0
}

function makeFolder(path: string): string {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 })
    mkdirSync(path, { recursive: true, mode: 0o700 })
    return realpathSync(path)
  } catch (error) {
    throw new AppError(
      "unavailable",
      `the data folder ${path} cannot be made or reached (${messageOf(error)}): choose another one with --data`,
    )
  }
}

/** Every folder on the way that is there already must let the user through. */
function requireReachable(path: string, user: OsUser): void {
  for (let each = dirname(resolve(path)); ; each = dirname(each)) {
    const found = statSync(each, { throwIfNoEntry: false })
    if (found && !letsThrough(found, user)) {
      throw new AppError(
        "unavailable",
        `the user ${user.name} cannot reach ${path}, because ${each} is closed to others: choose another data folder with --data, as /var/lib/sentry-lite`,
      )
    }
    if (each === "/") return
  }
}

function letsThrough(folder: { mode: number; uid: number; gid: number }, user: OsUser): boolean {
  const { mode, uid, gid } = folder
  const bits = uid === user.uid ? mode >> 6 : gid === user.gid ? mode >> 3 : mode
  return (bits & 1) === 1
}

function handOver(folder: string, user: OsUser): void {
  if (statSync(folder).uid === user.uid) return
  const foreign = readdirSync(folder).find((name) => !OURS.has(name))
  if (foreign !== undefined) {
    throw new AppError(
      "forbidden",
      `${folder} belongs to root and holds other things (${foreign}): choose a new folder with --data`,
    )
  }
  chownSync(folder, user.uid, user.gid)
}

function requireOwn(folder: string): void {
  const owner = statSync(folder).uid
  if (owner === process.getuid?.()) return
  throw new AppError(
    "unavailable",
    `the data folder ${folder} belongs to ${userNamed(owner)}; type: sudo -u ${sudoName(owner)} ${commandLine(process.argv.slice(2))}`,
  )
}

function sudoName(uid: number): string {
  return userOf(uid) ? userNamed(uid) : `'#${uid}'`
}
