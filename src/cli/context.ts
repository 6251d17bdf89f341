import type { Command } from "commander"
import type { Config, OptionKey } from "#config.ts"
import { createLog, type Log } from "#platform/log.ts"
import { type LoadedConfig, loadConfig } from "./configuration/load.ts"
import { say } from "./terminal.ts"
import { rememberedWebAddress } from "./web-address.ts"

/** What every command has in its hands. */
export type Context = { config: Config; loaded: LoadedConfig; log: Log }

/** Values that flags of the command line set: [option, flag, value]; undefined ones were not given. */
type FlagValues = readonly [OptionKey, string, unknown][]

type GlobalFlags = {
  config?: string
  data?: string
  loglevel?: string
  logformat?: string
}

/** Reads the configuration for a command; what is odd in it goes to standard error. */
export function contextOf(command: Command, flags: FlagValues = []): Context {
  const globals = command.optsWithGlobals<GlobalFlags>()
  const given: FlagValues = [
    ["system.logging-level", "--loglevel", globals.loglevel],
    ["system.logging-format", "--logformat", globals.logformat],
    ...flags,
  ]
  const loaded = loadConfig(
    {
      config: globals.config,
      data: globals.data,
      flags: given.filter(([, , value]) => value !== undefined),
    },
    process.env,
  )
  knowRunningWeb(loaded)
  for (const warning of loaded.warnings) say(`* ${warning}`)
  return { config: loaded.config, loaded, log: logFor(loaded.config, command.name()) }
}

/** The address that `run all` on this data folder runs at, unless the configuration says otherwise. */
function knowRunningWeb({ config, sources, values }: LoadedConfig): void {
  if (sources.has("web.port")) return
  const address = rememberedWebAddress(config["system.data-directory"])
  const changeable: { "system.internal-url-prefix": string } = values
  if (address) changeable["system.internal-url-prefix"] ||= address
}

/** False after --no-input or --noinput. */
export function mayAsk(command: Command): boolean {
  const { input, noinput } = command.optsWithGlobals<{ input?: boolean; noinput?: boolean }>()
  return input !== false && !noinput
}

function logFor(config: Config, role: string): Log {
  const level = config["system.logging-level"]
  return createLog({ level, format: config["system.logging-format"], role })
}
