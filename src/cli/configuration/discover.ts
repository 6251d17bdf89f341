import { existsSync, readdirSync, statSync } from "node:fs"
import { homedir, userInfo } from "node:os"
import { dirname, join, resolve } from "node:path"
import { AppError } from "#platform/errors.ts"
import type { Environment } from "#platform/options/layers.ts"

export type Discovered = {
  /** The first place that has a config.yml, or where `init` would put one. */
  folder: string
  /** Files to read, weakest first: config.yml, then conf.d/*.yml by name. */
  files: string[]
}

export const CONFIG_FILE = "config.yml"

/** `--config none` reads no file: what the processes of `run all` get, who may not read it themselves. */
export const NO_FILE = "none"

/** Root cannot use a home folder: PostgreSQL runs as another user, who cannot enter /root. */
export function defaultDataDirectory(): string {
  if (userInfo().uid === 0) return "/var/lib/sentry-lite"
  return join(homedir(), ".local/share/sentry-lite")
}

export function defaultConfigFolder(): string {
  return userInfo().uid === 0 ? "/etc/sentry-lite" : join(homedir(), ".sentry")
}

/** Looks for config.yml; throws `invalid` when a place was named outright and has none. */
export function discoverConfig(
  given: { config?: string | undefined; data?: string | undefined },
  environment: Environment,
): Discovered {
  if (given.config === NO_FILE) return { folder: defaultConfigFolder(), files: [] }
  if (given.config) return namedPlace(resolve(given.config))
  const places = [
    environment.SENTRY_CONF,
    given.data ?? environment.SENTRY_LITE_DATA,
    ".",
    "/etc/sentry-lite",
    join(homedir(), ".sentry"),
    defaultDataDirectory(),
  ].filter((place): place is string => Boolean(place))
  for (const place of places) {
    const files = filesIn(resolve(place))
    if (files.length > 0) return { folder: folderOf(resolve(place)), files }
  }
  return { folder: defaultConfigFolder(), files: [] }
}

function namedPlace(place: string): Discovered {
  const files = filesIn(place)
  if (files.length === 0) throw new AppError("invalid", `there is no ${CONFIG_FILE} at ${place}`)
  return { folder: folderOf(place), files }
}

function folderOf(place: string): string {
  return isFile(place) ? dirname(place) : place
}

/** An unreadable folder is as good as none: discovery passes through other people's homes. */
function filesIn(place: string): string[] {
  const main = isFile(place) ? place : join(place, CONFIG_FILE)
  return isFile(main) ? [main, ...partsIn(join(dirname(main), "conf.d"))] : []
}

function partsIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name))
  return names.sort().map((name) => join(folder, name))
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}
