import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { AppError } from "#platform/errors.ts"
import { lockFile } from "#platform/libc.ts"

/** `run all` holds the folder for days, a command for moments. */
export type Holder = "run all" | "command"

export type FolderLock = { release(): void }

/** How long a command is waited for. */
const COMMAND_PATIENCE_MS = 30_000

/** Somebody else works in this data folder. */
export class FolderInUse extends AppError {
  readonly holder: Holder | null

  constructor(folder: string, holder: Holder | null, pid: number | null) {
    const who = pid ? ` (process ${pid}${holder ? `, ${holder}` : ""})` : ""
    super("conflict", `another sentry-lite uses ${folder}${who}`)
    this.name = "FolderInUse"
    this.holder = holder
  }
}

/** Takes the folder or throws FolderInUse: at once when `run all` holds it, after a while when a command does. */
export async function lockFolder(folder: string, holder: Holder): Promise<FolderLock> {
  const path = join(folder, "lock")
  const descriptor = openSync(path, "a", 0o600)
  const deadline = Date.now() + COMMAND_PATIENCE_MS
  while (!lockFile(descriptor)) {
    const other = holderIn(path)
    if (other.holder !== "command" || Date.now() > deadline) {
      closeSync(descriptor)
      throw new FolderInUse(folder, other.holder, other.pid)
    }
    await Bun.sleep(50)
  }
  writeFileSync(path, `${process.pid} ${holder}\n`)
  return { release: () => closeSync(descriptor) }
}

/** Only for the message and for how long to wait: the lock itself is the kernel's. */
function holderIn(path: string): { pid: number | null; holder: Holder | null } {
  const [, pid, holder] = /^(\d+) (run all|command)$/m.exec(readFileSync(path, "utf8")) ?? []
  return { pid: pid ? Number(pid) : null, holder: (holder as Holder | undefined) ?? null }
}
