import { dlopen } from "bun:ffi"
import { closeSync, openSync } from "node:fs"

const LOCK_EXCLUSIVE_NOW = 2 | 4
const IPPROTO_TCP = 6
const TCP_USER_TIMEOUT = 18

let loaded: ReturnType<typeof load> | null = null
const libc = () => (loaded ??= load())
const load = () =>
  dlopen("libc.so.6", {
    flock: { args: ["i32", "i32"], returns: "i32" },
    syncfs: { args: ["i32"], returns: "i32" },
    setsockopt: { args: ["i32", "i32", "i32", "ptr", "u32"], returns: "i32" },
  }).symbols

/**
 * flock(2): takes the file for this process, or returns false when another one has it. The kernel lets
 * go of it when the process ends, however it ends; containers that share the disk see it too.
 */
export function lockFile(descriptor: number): boolean {
  return libc().flock(descriptor, LOCK_EXCLUSIVE_NOW) === 0
}

/** syncfs(2): everything written to the disk that holds `path` is on it. One call for a thousand files. */
export function syncFileSystem(path: string): void {
  const descriptor = openSync(path, "r")
  try {
    if (libc().syncfs(descriptor) !== 0) throw new Error(`the disk of ${path} could not be synced`)
  } finally {
    closeSync(descriptor)
  }
}

/** setsockopt(2), TCP_USER_TIMEOUT: how long sent bytes may wait for an acknowledgement. Sockets of another kind have none. */
export function limitUnanswered(descriptor: number, milliseconds: number): void {
  const value = Uint32Array.of(milliseconds)
  libc().setsockopt(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, value, value.byteLength)
}
