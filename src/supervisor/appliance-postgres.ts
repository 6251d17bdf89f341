import type { Log } from "#platform/log.ts"
import { embeddedUrl, startEmbedded } from "#platform/postgres/server.ts"
import { enterDataFolder } from "./data-folder.ts"
import { FolderInUse, type FolderLock, lockFolder } from "./folder-lock.ts"
import { applianceSecretKey } from "./secret-key.ts"

export type AppliancePostgres = {
  url: string
  /** The data folder's own secret key. */
  secretKey: string
  /** False: PostgreSQL was started for this command only. */
  isRunning: boolean
}

/**
 * Gives a command the PostgreSQL of an appliance: the running one, else it is started under the
 * folder's lock and stopped again. As root the process becomes the folder's user for good. Throws `unavailable`
 * with the line to type when the folder is another user's.
 */
export async function withAppliancePostgres<Result>(
  dataDirectory: string,
  log: Log,
  use: (postgres: AppliancePostgres) => Promise<Result>,
): Promise<Result> {
  const folder = enterDataFolder(dataDirectory)
  const secretKey = applianceSecretKey(folder)
  const lock = await lockUnlessRunning(folder)
  if (lock === null) return use({ url: await embeddedUrl(folder), secretKey, isRunning: true })
  try {
    const postgres = await startEmbedded(folder, log)
    try {
      return await use({ url: postgres.url, secretKey, isRunning: false })
    } finally {
      await postgres.stop()
    }
  } finally {
    lock.release()
  }
}

/** null: `run all` is at work in this folder. */
async function lockUnlessRunning(folder: string): Promise<FolderLock | null> {
  try {
    return await lockFolder(folder, "command")
  } catch (error) {
    if (error instanceof FolderInUse && error.holder === "run all") return null
    throw error
  }
}
