import { Command } from "commander"
import { VERSION } from "#platform/version.ts"
import { print, printJson } from "../terminal.ts"

export function versionCommand(): Command {
  return new Command("version")
    .description("print the version")
    .option("--json", "print JSON, with the runtime and the platform")
    .action((flags: { json?: boolean }) => {
      if (!flags.json) return print(VERSION)
      printJson({
        version: VERSION,
        bun: Bun.version,
        platform: `${process.platform}-${process.arch}`,
      })
    })
}
