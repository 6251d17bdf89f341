import { constants } from "node:fs"
import { access, statfs } from "node:fs/promises"
import { type App, spoolDirectory } from "#app.ts"
import { getDatabaseFacts } from "#maintenance/status-store.ts"
import { messageOf } from "#platform/errors.ts"
import { bytesOf } from "../units.ts"

export type Check = { name: string; state: "ok" | "warning" | "error"; text: string }

const OLDEST_POSTGRES = 150_000
const SECRET_KEY_LENGTH = 32
const CLOCK_DRIFT_MS = 5_000
const GIB = 1024 ** 3
/** Below this a busy day fills the disk. */
const COMFORTABLE_BYTES = 5 * GIB

/** What the server stands on, each with what to do when it does not hold. */
export async function runChecks(app: App): Promise<Check[]> {
  const groups = await Promise.all([
    checkDatabase(app),
    checkRedis(app),
    checkDisk(app),
    checkSecretKey(app),
  ])
  return groups.flat()
}

async function checkDatabase({ sql, clock }: App): Promise<Check[]> {
  const facts = await getDatabaseFacts(sql)
  const isOld = facts.versionNumber < OLDEST_POSTGRES
  const driftMs = Math.abs(facts.now.getTime() - clock.now().getTime())
  return [
    {
      name: "Database",
      state: isOld ? "error" : "ok",
      text: isOld
        ? `PostgreSQL ${facts.version} is too old: 15 or newer is needed.`
        : `PostgreSQL ${facts.version}.`,
    },
    {
      name: "Clock",
      state: driftMs > CLOCK_DRIFT_MS ? "warning" : "ok",
      text:
        driftMs > CLOCK_DRIFT_MS
          ? `This machine and PostgreSQL differ by ${Math.round(driftMs / 1000)} s: let both follow a time server.`
          : "This machine and PostgreSQL agree.",
    },
  ]
}

async function checkRedis({ redis }: App): Promise<Check[]> {
  if (!redis)
    return [{ name: "Redis", state: "ok", text: "Not needed: everything runs on this machine." }]
  try {
    const policy = /maxmemory_policy:(\S+)/.exec(await redis.info("memory"))?.[1] ?? "unknown"
    const evicts = policy.startsWith("allkeys-")
    return [
      {
        name: "Redis",
        state: evicts ? "error" : "ok",
        text: evicts
          ? `maxmemory-policy is ${policy}: it would throw accepted events away. Set it to noeviction.`
          : `Reachable, maxmemory-policy ${policy}.`,
      },
    ]
  } catch (error) {
    return [{ name: "Redis", state: "error", text: `Cannot be reached: ${messageOf(error)}` }]
  }
}

async function checkDisk({ config }: App): Promise<Check[]> {
  const folder = spoolDirectory(config)
  try {
    await access(folder, constants.W_OK)
    const { bavail, bsize } = await statfs(folder)
    const free = bavail * bsize
    const isTight = free < COMFORTABLE_BYTES
    return [
      {
        name: "Disk",
        state: isTight ? "warning" : "ok",
        text: `${bytesOf(free)} free at ${folder}.${isTight ? " That is little for a busy day." : ""}`,
      },
    ]
  } catch (error) {
    const text = `${folder} cannot be written to: ${messageOf(error)}`
    return [{ name: "Disk", state: "error", text }]
  }
}

async function checkSecretKey({ config }: App): Promise<Check[]> {
  const isShort = config["system.secret-key"].length < SECRET_KEY_LENGTH
  return [
    {
      name: "Secret key",
      state: isShort ? "error" : "ok",
      text: isShort
        ? "Shorter than 32 characters. `sentry-lite config generate-secret-key` makes one."
        : "Set.",
    },
  ]
}
