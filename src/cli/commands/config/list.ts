import { Command } from "commander"
import { type OptionKey, options } from "#config.ts"
import { maskedValue } from "#platform/options/mask.ts"
import { type Context, contextOf } from "../../context.ts"
import { withStoredOptions } from "../../database.ts"
import { printJson, printTable } from "../../terminal.ts"

type Flags = { json?: boolean; changed?: boolean; secrets?: boolean }

export function listCommand(): Command {
  return new Command("list")
    .description("list the options: name, type, value, and where the value comes from")
    .argument("[pattern]", "only names that match, * stands for anything", "*")
    .option("--changed", "only those that are not at their default")
    .option("--secrets", "show secrets instead of masking them")
    .option("--json", "print JSON")
    .action(async (pattern: string, flags: Flags, command: Command) => {
      const context = contextOf(command)
      await withStoredOptions(context)
      const rows = rowsOf(context, pattern, flags)
      if (flags.json) printJson(rows)
      else printTable(rows.map((row) => [row.name, row.type, shown(row.value), row.source]))
    })
}

type Row = { name: string; type: string; value: unknown; source: string; description: string }

function rowsOf(context: Context, pattern: string, flags: Flags): Row[] {
  const names = (Object.keys(options) as OptionKey[]).filter(
    (name) => matches(name, pattern) && (!flags.changed || context.loaded.sources.has(name)),
  )
  return names.map((name) => {
    const value = context.config[name]
    return {
      name,
      type: options[name].kind,
      value: flags.secrets ? value : maskedValue(options[name], value),
      source: context.loaded.sources.get(name) ?? "default",
      description: options[name].description,
    }
  })
}

function matches(name: string, pattern: string): boolean {
  return new Bun.Glob(pattern).match(name)
}

function shown(value: unknown): string {
  return JSON.stringify(value)
}
