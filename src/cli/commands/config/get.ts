import { Command } from "commander"
import { options } from "#config.ts"
import { maskedValue } from "#platform/options/mask.ts"
import { optionNamed } from "../../configuration/option-named.ts"
import { contextOf } from "../../context.ts"
import { withStoredOptions } from "../../database.ts"
import { print, printJson } from "../../terminal.ts"

type Flags = { silent?: boolean; json?: boolean; secrets?: boolean }

export function getCommand(): Command {
  return new Command("get")
    .description("show one option")
    .argument("<key>", "its name")
    .option("-q, --silent", "print the value alone")
    .option("--secrets", "show a secret instead of masking it")
    .option("--json", "print JSON")
    .action(async (key: string, flags: Flags, command: Command) => {
      const name = optionNamed(key)
      const context = contextOf(command)
      await withStoredOptions(context)
      const option = options[name]
      const current = context.config[name]
      const value = flags.secrets ? current : maskedValue(option, current)
      const source = context.loaded.sources.get(name) ?? null
      if (flags.json)
        return printJson({ name, type: option.kind, value, source: source ?? "default" })
      if (flags.silent) return print(bare(value))
      print(`        type: ${option.kind}`)
      print(` from config: ${source ?? "<not set>"}`)
      print(`     current: ${bare(value)}`)
    })
}

function bare(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value)
}
