import { Command } from "commander"
import { hasUsers } from "#accounts/users/store.ts"
import { contextOf } from "../context.ts"
import { withDatabase } from "../database.ts"
import { CommandFailed, EXIT } from "../exit.ts"
import { setupLink } from "../setup-link.ts"
import { print } from "../terminal.ts"

export function setupUrlCommand(): Command {
  return new Command("setup-url")
    .description("print a link to the page that makes the first administrator; 3 when there is one")
    .action(async (_flags: object, command: Command) => {
      const context = contextOf(command)
      const link = await withDatabase(context, async (sql) => {
        if (!(await hasUsers(sql))) return setupLink(context.config, sql)
        throw new CommandFailed(
          EXIT.nothingToDo,
          "there is an administrator already; more people: sentry-lite createuser",
        )
      })
      print(link)
    })
}
