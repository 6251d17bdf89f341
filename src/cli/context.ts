import type { Command } from "commander"
import type { Config, OptionKey } from "#config.ts"
import { messageOf } from "#platform/errors.ts"
import { createLog, type Log } from "#platform/log.ts"
import { NO_FILE } from "./configuration/discover.ts"
import { type LoadedConfig, loadConfig } from "./configuration/load.ts"
import { takeOver } from "./configuration/reload.ts"
import { say } from "./terminal.ts"
import { rememberedWebAddress } from "./web-address.ts"

/** What every command has in its hands. */
export type Context = {
  config: Config
  loaded: LoadedConfig
  log: Log
  /** Reads the configuration once more, takes over what may change while the program runs, and logs it. */
  reload(): void
  /** The same, from the environment that a supervisor would start this process with now. */
  reloadFrom(environment: NodeJS.ProcessEnv): void
}

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
  const request = {
    config: globals.config,
    data: globals.data,
    flags: given.filter(([, , value]) => value !== undefined),
  }
  const loaded = loadConfig(request, process.env)
  knowRunningWeb(loaded)
  for (const warning of loaded.warnings) say(`* ${warning}`)
  const log = logFor(loaded.config, command.name())
  const reloadFrom = (environment: NodeJS.ProcessEnv) => {
    try {
      // By its path: the process may stand in another folder by now, and another file is no change of this one.
      const config = loaded.found.files[0] ?? NO_FILE
      const { changed, needRestart } = takeOver(
        loaded,
        loadConfig({ ...request, config }, { ...environment }),
      )
      log.info({ changed, needRestart }, "configuration read again")
    } catch (error) {
      log.error({ error: messageOf(error) }, "configuration not read again: all stays as it was")
    }
  }
  const reload = () => reloadFrom({ ...process.env, ...loaded.secretVariables })
  return { config: loaded.config, loaded, log, reload, reloadFrom }
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
