import { Command } from "commander"
import { recordOptions } from "#accounts/record-options.ts"
import { options } from "#config.ts"
import { check } from "#platform/options/layers.ts"
import { parseText } from "#platform/options/option.ts"
import { STORED_SOURCE } from "#platform/options/stored.ts"
import { optionNamed } from "../../configuration/option-named.ts"
import { type Context, contextOf, mayAsk } from "../../context.ts"
import { withDatabase } from "../../database.ts"
import { CommandFailed, EXIT } from "../../exit.ts"
import { ask, readInput, say } from "../../terminal.ts"

type Flags = { secret?: boolean; stdin?: boolean }

export function setCommand(): Command {
  return new Command("set")
    .description("set an option in the database; running processes follow within seconds")
    .argument("<key>", "its name")
    .argument("[value]", "its value; asked for when missing")
    .option("--secret", "ask without showing what is typed")
    .option("--stdin", "read the value from standard input")
    .action(async (key: string, value: string | undefined, flags: Flags, command: Command) => {
      const name = optionNamed(key)
      const context = contextOf(command)
      refuseLocked(context, name)
      const written = value ?? (await valueFor(name, flags, command))
      const checked = check(options[name], parseText(options[name], written), {})
      if ("problem" in checked) throw new CommandFailed(EXIT.usage, `${name} ${checked.problem}`)
      await withDatabase(context, (sql) =>
        recordOptions(sql, context.config, { [name]: checked.value }),
      )
      say(`${name} is set.`)
    })
}

/** What the file or the environment says would win all the same: better to be told now. */
function refuseLocked(context: Context, name: keyof typeof options): void {
  if (!options[name].stored) {
    throw new CommandFailed(
      EXIT.refused,
      `${name} cannot be changed at runtime: put it into config.yml or the environment`,
    )
  }
  const source = context.loaded.sources.get(name) ?? STORED_SOURCE
  if (source !== STORED_SOURCE) {
    throw new CommandFailed(
      EXIT.refused,
      `${name} is set by ${source}, which wins; change it there`,
    )
  }
}

async function valueFor(name: keyof typeof options, flags: Flags, command: Command) {
  if (flags.stdin) return readInput()
  const hidden = flags.secret ?? options[name].secret
  return ask(`${name}:`, { flag: "VALUE or --stdin", hidden, mayAsk: mayAsk(command) })
}
