import { Command } from "commander"
import { allCommand } from "./run/all.ts"
import { cronCommand, webCommand, workerCommand } from "./run/roles.ts"

export function runCommand(): Command {
  return new Command("run")
    .description("run a part of sentry-lite, or all of it, until it is told to stop")
    .addCommand(allCommand())
    .addCommand(webCommand())
    .addCommand(workerCommand())
    .addCommand(cronCommand())
}
