import { closeSync, constants, openSync } from "node:fs"
import { rm } from "node:fs/promises"
import { join } from "node:path"
import type { UnixSocketListener } from "bun"

/** Something held until it is let go or its process ends, however it ends. */
export type Lock = { release(): void }

const SILENT = { data() {}, open: (socket: { end(): void }) => void socket.end() }

/**
 * Claims a segment for this process, or returns null when another one holds it. An abstract socket: the
 * kernel lets go of it with the process, so there is no stale lock to judge. Seen by every process of the
 * same network namespace, which is what the readers of one spool share.
 */
export function claimSegment(name: string): Lock | null {
  return listenQuietly(`\0sentry-lite/${name}`)
}

/**
 * Shows that a writer lives: a socket file in the folder, which refuses connections once the process is
 * gone. A file, not an abstract socket, because web processes in containers of their own may share a
 * spool folder, and taking a living writer for a dead one would delete what it is about to acknowledge.
 */
export function announceWriter(directory: string, writerId: string): Lock {
  const folder = openFolder(directory)
  const listener = listenQuietly(socketPath(folder, writerId))
  if (!listener) throw new Error(`spool writer ${writerId} exists already`)
  return {
    release() {
      listener.release()
      closeSync(folder)
    },
  }
}

/** Whether the writer's process lives. In doubt (foreign user, full backlog) it does. */
export async function isWriterAlive(directory: string, writerId: string): Promise<boolean> {
  const folder = openFolder(directory)
  try {
    const socket = await Bun.connect({
      unix: socketPath(folder, writerId),
      socket: { data() {}, error() {}, connectError() {} },
    })
    socket.terminate()
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code !== "ECONNREFUSED" && code !== "ENOENT"
  } finally {
    closeSync(folder)
  }
}

/** Clears away the socket file of a writer that is gone. */
export async function forgetWriter(directory: string, writerId: string): Promise<void> {
  await rm(join(directory, `${writerId}.lock`), { force: true })
}

function listenQuietly(path: string): Lock | null {
  let listener: UnixSocketListener<undefined>
  try {
    listener = Bun.listen({ unix: path, socket: SILENT })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return null
    throw error
  }
  listener.unref()
  return { release: () => listener.stop(true) }
}

function openFolder(directory: string): number {
  return openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY)
}

/** Through the open folder: a socket's path may have 107 bytes, a data folder's is the operator's choice. */
function socketPath(folder: number, writerId: string): string {
  return `/proc/self/fd/${folder}/${writerId}.lock`
}
