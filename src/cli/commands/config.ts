import { Command } from "commander"
import { checkCommand } from "./config/check.ts"
import { deleteCommand } from "./config/delete.ts"
import { discoverCommand } from "./config/discover.ts"
import { dumpCommand } from "./config/dump.ts"
import { generateSecretKeyCommand } from "./config/generate-secret-key.ts"
import { getCommand } from "./config/get.ts"
import { listCommand } from "./config/list.ts"
import { setCommand } from "./config/set.ts"

export function configCommand(): Command {
  return new Command("config")
    .description("show and change the configuration")
    .addCommand(generateSecretKeyCommand())
    .addCommand(listCommand())
    .addCommand(getCommand())
    .addCommand(setCommand())
    .addCommand(deleteCommand())
    .addCommand(discoverCommand())
    .addCommand(checkCommand())
    .addCommand(dumpCommand())
}
