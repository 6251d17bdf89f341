import { files } from "#options/files.ts"
import { ingestion } from "#options/ingestion.ts"
import { installation } from "#options/installation.ts"
import { limits } from "#options/limits.ts"
import { mail } from "#options/mail.ts"
import { people } from "#options/people.ts"
import { stores } from "#options/stores.ts"
import { upkeep } from "#options/upkeep.ts"
import type { ValuesOf } from "#platform/options/option.ts"
import { applyStoredOptions, type StoredOption } from "#platform/options/stored.ts"

/** Every option there is. Names are Sentry's where Sentry has the option. */
export const options = {
  ...installation,
  ...stores,
  ...ingestion,
  ...limits,
  ...people,
  ...mail,
  ...files,
  ...upkeep,
} as const

export type Config = Readonly<ValuesOf<typeof options>>
export type OptionKey = keyof typeof options

/** The defaults with some values of one's own: what a test or a tool starts an app with. */
export function configWith(values: Partial<Config>): Config {
  const defaults = Object.entries(options).map(([key, option]) => [key, option.initial])
  return { ...Object.fromEntries(defaults), ...values } as Config
}

/** Where people and SDKs reach this installation: what somebody said, else this machine's own address. */
export function publicAddress(config: Config): string {
  return config["system.url-prefix"] || localAddress(config)
}

/** What DSNs begin with. */
export function ingestPrefix(config: Config): string {
  return config["system.ingest-url-prefix"] || publicAddress(config)
}

/** Where this machine reaches its own web: an address to listen on is not always one to call. */
export function localAddress(config: Config): string {
  const internal = config["system.internal-url-prefix"]
  if (internal) return internal
  const host = config["web.host"]
  const callable = { "0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1" }[host] ?? host
  return `http://${callable.includes(":") ? `[${callable}]` : callable}:${config["web.port"]}`
}

/** Lays the rows of the table `options` under `loaded`, in place, and returns what was ignored and why. */
export function applyDatabaseOptions(
  loaded: { values: Config; sources: Map<string, string> },
  rows: readonly StoredOption[],
): string[] {
  return applyStoredOptions(options, loaded, rows, loaded.values["system.secret-key"])
}
