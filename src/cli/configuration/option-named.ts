import { type OptionKey, options } from "#config.ts"
import { nearestName } from "#platform/options/nearest.ts"
import { CommandFailed, EXIT } from "../exit.ts"

/** The option of this name; ends with the usage code and the nearest name when there is none. */
export function optionNamed(name: string): OptionKey {
  if (Object.hasOwn(options, name)) return name as OptionKey
  const nearest = nearestName(name, Object.keys(options))
  const hint = nearest ? `; did you mean ${nearest}?` : ""
  throw new CommandFailed(EXIT.usage, `there is no option ${name}${hint}`)
}
