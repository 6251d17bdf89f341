import { Command } from "commander"
import { type OptionKey, options } from "#config.ts"
import { maskedValue } from "#platform/options/mask.ts"
import { entryOf } from "../../configuration/example.ts"
import { contextOf } from "../../context.ts"
import { withStoredOptions } from "../../database.ts"
import { print } from "../../terminal.ts"

type Flags = { defaults?: boolean; secrets?: boolean }

export function dumpCommand(): Command {
  return new Command("dump")
    .description("print what is in force as a config.yml, secrets masked")
    .option("--defaults", "also what is at its default")
    .option("--secrets", "show secrets instead of masking them")
    .option("--redact", "mask secrets, as it does anyway")
    .action(async (flags: Flags, command: Command) => {
      const context = contextOf(command)
      await withStoredOptions(context)
      for (const key of Object.keys(options) as OptionKey[]) {
        if (!flags.defaults && !context.loaded.sources.has(key)) continue
        const value = context.config[key]
        print(entryOf(key, flags.secrets ? value : maskedValue(options[key], value)))
      }
    })
}
