import { Command } from "commander"
import { deleteOption, findOption } from "#accounts/options-store.ts"
import { optionNamed } from "../../configuration/option-named.ts"
import { contextOf } from "../../context.ts"
import { withDatabase } from "../../database.ts"
import { CommandFailed, EXIT } from "../../exit.ts"
import { say } from "../../terminal.ts"

export function deleteCommand(): Command {
  return new Command("delete")
    .description("remove an option from the database, so that its default counts again")
    .argument("<key>", "its name")
    .action(async (key: string, _flags: object, command: Command) => {
      const name = optionNamed(key)
      await withDatabase(contextOf(command), async (sql) => {
        if ((await findOption(sql, name)) === null) {
          throw new CommandFailed(EXIT.nothingToDo, `${name} is not set in the database`)
        }
        await deleteOption(sql, name)
      })
      say(`${name} is back to its default.`)
    })
}
