import { type Command, Option } from "commander"
import { say } from "../terminal.ts"

/** Options that old scripts and unit files still carry; they do nothing here, and that is said once. */
export function withIgnoredOptions(command: Command, flags: readonly string[]): Command {
  for (const each of flags) {
    command.addOption(new Option(each, "accepted for old scripts, does nothing").hideHelp())
  }
  return command.hook("preAction", (_outer, running) => {
    const given = running.options.filter(
      (option) =>
        flags.includes(option.flags) &&
        running.getOptionValueSource(option.attributeName()) === "cli",
    )
    if (given.length > 0) say(`* ${given.map(({ long }) => long).join(", ")}: does nothing here`)
  })
}
