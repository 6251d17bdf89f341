import { statSync } from "node:fs"
import { Command } from "commander"
import { contextOf } from "../../context.ts"
import { CommandFailed, EXIT } from "../../exit.ts"
import { say } from "../../terminal.ts"

const READABLE_BY_OTHERS = 0o004

export function checkCommand(): Command {
  return new Command("check")
    .description("check the configuration; with problems the exit code is not 0")
    .option("--strict", "unknown options and files that everybody may read count as problems")
    .action((flags: { strict?: boolean }, command: Command) => {
      const { loaded } = contextOf(command)
      const open = loaded.found.files.filter(isReadableByOthers)
      for (const path of open) say(`* ${path}: everybody on this machine may read it; chmod 640`)
      const doubts = loaded.warnings.length + open.length
      if (flags.strict && doubts > 0) {
        throw new CommandFailed(EXIT.failure, `${doubts} problem${doubts === 1 ? "" : "s"}`)
      }
      say("The configuration is fine.")
    })
}

function isReadableByOthers(path: string): boolean {
  return (statSync(path).mode & READABLE_BY_OTHERS) !== 0
}
