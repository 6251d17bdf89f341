import { resolve } from "node:path"
import { type Config, type OptionKey, options } from "#config.ts"
import { AppError } from "#platform/errors.ts"
import {
  type Environment,
  type Layer,
  type Resolved,
  resolveOptions,
} from "#platform/options/layers.ts"
import { readYamlLayer } from "#platform/options/yaml-file.ts"
import { contradictionsIn } from "./contradictions.ts"
import { type Discovered, defaultDataDirectory, discoverConfig } from "./discover.ts"
import { readEnvironment } from "./environment.ts"
import { foldRedisClusters } from "./redis-clusters.ts"

export type ConfigRequest = {
  /** --config: a folder or a file. */
  config?: string | undefined
  /** --data. */
  data?: string | undefined
  /** What other flags of the command line set, as [option, flag, value]. */
  flags?: readonly [OptionKey, string, unknown][]
}

export type LoadedConfig = Resolved<typeof options> & {
  config: Config
  found: Discovered
  /** Variables that carried secrets. They are gone from the environment; children need them handed on. */
  secretVariables: Record<string, string>
}

/**
 * Default < config.yml < conf.d < environment < command line; the database's options, weaker than all of these, are
 * laid under later (applyStoredOptions). Takes secrets out of `environment`, so that neither children nor crash reports
 * carry them. Throws `invalid` with a line for each thing that is wrong.
 */
export function loadConfig(request: ConfigRequest, environment: Environment): LoadedConfig {
  const found = discoverConfig(request, environment)
  const files = found.files.map((path) => foldRedisClusters(readYamlLayer(path)))
  const fromEnvironment = readEnvironment(environment)
  const layers = [...files, fromEnvironment.layer, commandLineLayer(request)]
  const resolved = resolveOptions(options, layers, environment)
  const secretVariables = takeSecrets(environment, fromEnvironment.used, layers)
  const values = {
    ...resolved.values,
    "system.data-directory": resolve(
      resolved.values["system.data-directory"] || defaultDataDirectory(),
    ),
  }
  const contradictions = contradictionsIn(values)
  if (contradictions.length > 0) throw new AppError("invalid", contradictions.join("\n"))
  const warnings = [...resolved.warnings, ...fromEnvironment.warnings]
  return { ...resolved, values, config: values, found, secretVariables, warnings }
}

function commandLineLayer(request: ConfigRequest): Layer {
  const layer: Layer = new Map()
  if (request.data) layer.set("system.data-directory", { value: request.data, at: "--data" })
  for (const [key, flag, value] of request.flags ?? []) layer.set(key, { value, at: flag })
  return layer
}

function takeSecrets(
  environment: Environment,
  used: { name: string; key: OptionKey }[],
  layers: Layer[],
): Record<string, string> {
  const direct = used.filter(({ key }) => options[key].secret).map(({ name }) => name)
  const taken: Record<string, string> = {}
  for (const name of [...direct, ...referredVariables(layers)]) {
    const value = environment[name]
    if (value !== undefined) taken[name] = value
    delete environment[name]
  }
  return taken
}

/** `system.secret-key: env:NAME`: that variable is a secret too. */
function referredVariables(layers: Layer[]): string[] {
  return layers.flatMap((layer) =>
    [...layer].flatMap(([key, { value }]) => {
      const secret = Object.hasOwn(options, key) && options[key as OptionKey].secret
      const [, name] = secret && typeof value === "string" ? (/^env:(.+)$/.exec(value) ?? []) : []
      return name ? [name] : []
    }),
  )
}
