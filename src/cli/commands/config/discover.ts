import { join } from "node:path"
import { Command } from "commander"
import { CONFIG_FILE } from "../../configuration/discover.ts"
import { contextOf } from "../../context.ts"
import { CommandFailed, EXIT } from "../../exit.ts"
import { print, say } from "../../terminal.ts"

export function discoverCommand(): Command {
  return new Command("discover")
    .description("print the configuration files that are read, the strongest last")
    .action((_flags: object, command: Command) => {
      const { found } = contextOf(command).loaded
      for (const file of found.files) print(file)
      if (found.files.length > 0) return
      say(`There is none; "sentry-lite init" would write ${join(found.folder, CONFIG_FILE)}.`)
      throw new CommandFailed(EXIT.nothingToDo, "no configuration file")
    })
}
